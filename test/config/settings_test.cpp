/// The form of what a person is told about a settings file.

#include "config/difference.hpp"
#include "test/config/told.hpp"
#include "test/support/show.hpp"

#include <catch2/catch.hpp>

using namespace pier;
using namespace pier::trials;

namespace {

using texts = std::vector<std::string>;

} // namespace

TEST_CASE("an empty file, and one of comments, is the defaults") {
  CHECK(*config::load("x", "") == settings{});
  CHECK(*config::load("x", "# nothing\r\n\n[network]\n") == settings{});
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
       {"[metrics]\nlisten = \"x\"\n", "[log]\nlevel = \"x\"\n",
        "[socks]\nport = 1080\n"})
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
