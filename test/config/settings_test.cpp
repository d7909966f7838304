/// What a person is told about a settings file.

#include "config/difference.hpp"
#include "config/load.hpp"
#include "config/print.hpp"
#include "test/support/show.hpp"

#include <catch2/catch.hpp>

using namespace pier;
using namespace std::chrono_literals;

namespace {

std::string refusal(const std::string& text) {
  auto read = config::load("pier.toml", text);
  return read ? "" : read.error().text;
}

/// The sentences alone, without lines and carets.
std::vector<std::string> sentences(const std::string& text) {
  std::vector<std::string> out;
  for (const auto& each : config::read_settings(text).wrong)
    out.push_back(each.text);
  return out;
}

std::string sentence(const std::string& text) {
  auto all = sentences(text);
  return all.size() == 1 ? all[0] : std::to_string(all.size()) + " sentences";
}

using texts = std::vector<std::string>;

} // namespace

TEST_CASE("an empty file, and one of comments, is the defaults") {
  CHECK(*config::load("x", "") == settings{});
  CHECK(*config::load("x", "# nothing\r\n\n[network]\n") == settings{});
}

TEST_CASE("every key means what it says") {
  auto read = config::load("x", R"(
ports.ready = "listening"
[network]
subnet = "10.9.0.0/16"
subnet6 = "fd00:1::/32"
mtu = 9000
suffixes = ["Lab.Test", "docker.internal"]
[timeouts]
udp_idle = "2m"
dns = "1500ms"
stop = "0s"
[limits]
pending = 7
flows = 70
)");
  REQUIRE(read);
  CHECK(to_string(read->network.subnet) == "10.9.0.0/16");
  CHECK(to_string(read->network.subnet6) == "fd00:1::/32");
  CHECK(read->network.mtu == 9000);
  CHECK(read->network.suffixes == texts{"lab.test", "docker.internal"});
  CHECK(read->ports.ready == port_ready::listening);
  CHECK(read->timeouts.udp_idle == 2min);
  CHECK(read->timeouts.dns == 1500ms);
  CHECK(read->timeouts.stop == 0ms);
  CHECK(read->limits.pending == 7);
  CHECK(read->limits.flows == 70);
}

TEST_CASE("what the file does not say is as the base has it") {
  settings base;
  base.paths.keeper = "/k";
  base.network.mtu = 1400;
  auto read = config::load("x", "[limits]\nflows = 5000\n", base);
  REQUIRE(read);
  base.limits.flows = 5000;
  CHECK(*read == base);
}

TEST_CASE("a complaint has the compiler's form, the line, and a caret") {
  CHECK(
    refusal("[network]\n  mtu = 70000 # too much\n")
    == "pier.toml:2:9: network.mtu: 70000 is out of range: 1280 to 65535\n"
       "      mtu = 70000 # too much\n"
       "            ^");
}

TEST_CASE("the caret stands below its character, whatever stands before it") {
  auto text = refusal("network = { suffixes = [\"bücher\", 5] }\n");
  CHECK(text.find("pier.toml:1:25: network.suffixes: \"bücher\"") == 0);
  CHECK(text.find("pier.toml:1:35: ") != text.npos);
  CHECK(text.find("\n" + std::string(4 + 34, ' ') + "^") != text.npos);
}

TEST_CASE("every mistake of a file is told at once, in the file's order") {
  auto text = refusal(
    "[timeouts]\nstop = 5\n[network]\nmtu = \"big\"\nsubnett = \"x\"\n"
    "suffixes = [\"a..b\", \"ok\", 7, \"ok\"]\n");
  auto at = size_t{0};
  for (auto each :
       {"pier.toml:2:8: timeouts.stop: expected a duration",
        "pier.toml:4:7: network.mtu: expected an integer from 1280 to 65535, "
        "not a string",
        "pier.toml:5:1: network.subnett: there is no such key; did you mean "
        "\"subnet\"?",
        "pier.toml:6:13: network.suffixes: \"a..b\": expected a name",
        "pier.toml:6:27: network.suffixes: expected a name",
        "pier.toml:6:30: network.suffixes: \"ok\" stands here twice"}) {
    INFO(each << "\n" << text);
    at = text.find(each, at);
    CHECK(at != text.npos);
  }
}

TEST_CASE("of very many mistakes twenty are shown, and the rest counted") {
  std::string text = "[network]\n";
  for (int i = 0; i < 50; ++i)
    text += "zzzzzzzz" + std::to_string(i) + " = 1\n";
  auto told = refusal(text);
  CHECK(std::count(told.begin(), told.end(), '^') == 20);
  CHECK(told.ends_with("pier.toml: and 30 more"));
}

TEST_CASE("a misspelt word is answered with the one that was meant") {
  CHECK(
    sentence("[network]\nsufixes = []\n")
    == "network.sufixes: there is no such key; did you mean \"suffixes\"?");
  CHECK(
    sentence("[netwrok]\nmtu = 1\n")
    == "netwrok: there is no such key; did you mean \"network\"?");
  CHECK(
    sentence("mtu = 1400\n")
    == "mtu: there is no such key; did you mean \"network.mtu\"?");
  CHECK(
    sentence("[ports]\nready = \"strikt\"\n")
    == "ports.ready: \"strikt\": expected \"strict\" or \"listening\"; did you "
       "mean \"strict\"?");
  CHECK(
    sentence("[network]\nxyzzy = 1\n")
    == "network.xyzzy: there is no such key");
}

TEST_CASE("what is kept for later is refused, not taken in silence") {
  for (auto text :
       {"[proxy]\nhttp = \"x\"\n", "[[forward]]\nlisten = \"x\"\n",
        "[container.web]\nallow = []\n", "[ports]\nsource = \"nat\"\n"})
    CHECK(
      sentence(text).find(": nothing implements it yet: leave it out")
      != std::string::npos);
}

TEST_CASE("a table where a value belongs, and the other way, is told") {
  CHECK(
    sentence("network = 5\n")
    == "network: expected a table, [network], not an integer");
  CHECK(
    sentence("[[network]]\nmtu = 1400\n")
    == "network: expected a table, [network], not a list");
  CHECK(
    sentence("[network.mtu]\nx = 1\n")
    == "network.mtu: expected an integer from 1280 to 65535, not a table");
  CHECK(
    sentence("[network]\nmtu = 1.5\n").ends_with("not a number with a point"));
  CHECK(
    sentence("[network]\nmtu = 2020-01-01\n").ends_with("not a date or time"));
  CHECK(sentence("[network]\nmtu = true\n").ends_with("not true or false"));
}

TEST_CASE("what is no TOML is told in the same form") {
  auto twice = refusal("[network]\nmtu = 1400\nmtu = 1500\n");
  CHECK(twice.find("pier.toml:3:") == 0);
  auto cut = refusal("[network]\nmtu = \n");
  CHECK(cut.find("pier.toml:2:") == 0);
  CHECK(cut.ends_with("^"));
  CHECK(refusal("x = \"\xff\"\n").find("pier.toml:1:") == 0);
}

TEST_CASE("a guest network is none that means something of its own") {
  const std::pair<const char*, const char*> wrong[] = {
    {R"(subnet = "127.0.0.0/16")", "overlaps 127.0.0.0/8, which is loopback"},
    {R"(subnet = "224.1.0.0/16")", "overlaps 224.0.0.0/4, which is multicast"},
    {R"(subnet = "169.254.1.0/24")", "which is link-local"},
    {R"(subnet = "0.0.0.0/8")", "which is \"this host\""},
    {R"(subnet = "10.0.0.1/24")", "and nothing behind them"},
    {R"(subnet = "10.0.0.0/29")", "is out of range: 8 to 28 bits"},
    {R"(subnet = "10.0.0.0")", "is out of range: 8 to 28 bits"},
    {R"(subnet = "10.0.0.0/033")", "expected an IPv4 network"},
    {R"(subnet = "fd00::/64")", "expected an IPv4 network"},
    {R"(subnet6 = "fe80::/64")", "which is link-local"},
    {R"(subnet6 = "::/64")", "which is loopback and IPv4 in disguise"},
    {R"(subnet6 = "fd00::/120")", "is out of range: 16 to 104 bits"},
  };
  for (const auto& [line, why] : wrong) {
    auto told = sentence("[network]\n" + std::string{line} + "\n");
    INFO(told);
    CHECK(told.find(why) != told.npos);
  }
}

TEST_CASE("keys that contradict each other are blamed where they stand") {
  CHECK(
    refusal("[limits]\nflows = 100\n")
      .find("pier.toml:2:9: limits.flows: of 100 flows 1024 cannot be pending")
    == 0);
  // Of what could not be read nothing more is said.
  CHECK(sentences("[limits]\nflows = 0\npending = 2000\n").size() == 1);
}

TEST_CASE("a name has one address or several, and none of ours") {
  auto read = config::load(
    "x",
    "[network.hosts]\n\"DB.lab\" = \"10.0.0.7\"\nnas = "
    "[\"10.0.0.8\", \"fd00::8\"]\n");
  REQUIRE(read);
  CHECK(read->network.hosts.size() == 2);
  CHECK(read->network.hosts.at("db.lab").size() == 1);
  CHECK(read->network.hosts.at("nas").size() == 2);
  const std::pair<const char*, const char*> wrong[] = {
    {"nas = \"here\"", "network.hosts.nas: \"here\": expected an IP address"},
    {"nas = []", "network.hosts.nas: 0 elements are out of range: 1 to 16"},
    {"\"a b\" = \"10.0.0.1\"",
     "network.hosts.\"a b\": \"a b\": expected a name"},
    {"host = \"10.0.0.1\"",
     "network.hosts.host: \"host\" has an answer that cannot be changed"},
    {"\"gateway.docker.internal\" = \"10.0.0.1\"",
     "network.hosts.\"gateway.docker.internal\": "},
    {"\"x.localhost\" = \"10.0.0.1\"", "network.hosts.\"x.localhost\": "},
    {"nas = \"10.0.0.1\"\nNAS = \"10.0.0.2\"", "\"nas\" stands here twice"},
  };
  for (const auto& [line, why] : wrong) {
    auto told = sentence("[network.hosts]\n" + std::string{line} + "\n");
    INFO(told);
    CHECK(told.find(why) != told.npos);
  }
  CHECK(
    sentence("[network]\nhosts = 5\n")
    == "network.hosts: expected a table, [network.hosts], not an integer");
}

TEST_CASE("a name that came, went or changed is one change") {
  settings was;
  was.network.hosts["gone"] = {*ip_address::parse("10.0.0.1")};
  was.network.hosts["other.test"] = {*ip_address::parse("10.0.0.2")};
  auto is = was;
  is.network.hosts.erase("gone");
  is.network.hosts["new"] = {*ip_address::parse("::1")};
  is.network.hosts["other.test"] = {*ip_address::parse("10.0.0.3")};
  texts told;
  for (const auto& each : config::diff(was, is))
    told.push_back(
      config::full_path(each) + " " + each.was.value_or("-") + " "
      + each.is.value_or("-"));
  CHECK(
    told
    == texts{
      "network.hosts.gone \"10.0.0.1\" -", "network.hosts.new - \"::1\"",
      "network.hosts.\"other.test\" \"10.0.0.2\" \"10.0.0.3\""});
}

TEST_CASE("ports are bound, chosen and queued as the file says") {
  auto read = config::load(
    "x",
    "[ports]\nbind = \"local-only\"\nallowed_binds = [\"127.0.0.0/8\", "
    "\"::1\"]\nrandom_range = \"30000-30999\"\nbacklog = 16\n");
  REQUIRE(read);
  CHECK(read->ports.bind == port_bind::local_only);
  CHECK(read->ports.allowed_binds.size() == 2);
  CHECK(read->ports.random_range == port_range{30000, 30999});
  CHECK(read->ports.backlog == 16);
  CHECK_FALSE(
    config::load("x", "ports.random_range = \"system\"\n")->ports.random_range);
  for (auto bad : {"30000", "0-5", "5-4", "1-2/udp", "1-65536", ""})
    CHECK(sentence("[ports]\nrandom_range = \"" + std::string{bad} + "\"\n")
            .ends_with("expected ports, FIRST-LAST, or \"system\""));
  CHECK(sentence("[ports]\nbind = \"local_only\"\n")
          .ends_with("did you mean \"local-only\"?"));
  CHECK(
    sentence("[ports]\nallowed_binds = [\"10.0.0.1/8\"]\n")
      .ends_with("expected an IP address, or NET/BITS with nothing behind the "
                 "bits"));
}

TEST_CASE("a duration has one number and one unit") {
  for (auto bad : {"90", "s", "1.5s", "-1s", "1h30m", "9999999999s", " 1s", ""})
    CHECK(
      sentence("[timeouts]\nudp_idle = \"" + std::string{bad} + "\"\n")
        .find("timeouts.udp_idle: ")
      == 0);
  auto read = config::load("x", "[timeouts]\nudp_idle = \"3600s\"\n");
  REQUIRE(read);
  CHECK(config::print(*read).find("udp_idle = \"1h\"\n") != std::string::npos);
}

TEST_CASE("a change is told with its path and both texts") {
  settings was;
  auto is = was;
  is.network.mtu = 9000;
  auto changes = config::diff(was, is);
  REQUIRE(changes.size() == 1);
  CHECK(config::full_path(changes[0]) == "network.mtu");
  CHECK(changes[0].was == "1500");
  CHECK(changes[0].is == "9000");
}

TEST_CASE("a change that the schema does not allow is not applied") {
  auto refused = [](const config::change& what) {
    return !config::apply(settings{}, {what}).has_value();
  };
  CHECK(refused({"network.colour", "", "1", "2"}));
  CHECK(refused({"network.mtu", "", "1500", "5"}));
  CHECK(refused({"network.mtu", "", "1500", "9000\nx = 1"}));
  CHECK(refused({"network.mtu", "", "1500", "\""}));
  CHECK(refused({"network.mtu", "", "1500", {}}));
}
