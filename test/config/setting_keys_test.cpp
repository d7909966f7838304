/// What the keys mean, and what they refuse.

#include "config/print.hpp"
#include "test/config/told.hpp"
#include "test/support/show.hpp"

#include <catch2/catch.hpp>

using namespace pier;
using namespace pier::trials;
using namespace std::chrono_literals;

namespace {

using texts = std::vector<std::string>;

} // namespace

TEST_CASE("every key means what it says") {
  auto read = config::load("x", R"(
ports.ready = "listening"
[network]
mode = "ipv4"
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
descriptors = 700
[container]
web.descriptors = 70
)");
  REQUIRE(read);
  CHECK(read->network.mode == network_families::ipv4);
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
  CHECK(read->policy.limits.descriptors == 700);
  CHECK(read->policy.containers.at("web").limits.descriptors == 70);
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

TEST_CASE("ports are bound, chosen and queued as the file says") {
  auto read = config::load(
    "x",
    "[ports]\nbind = \"local-only\"\nallowed_binds = [\"127.0.0.0/8\", "
    "\"::1\"]\nrandom_range = \"30000-30999\"\nbacklog = 16\n"
    "source = \"preserve\"\nproxy_protocol = \"v2\"\n");
  REQUIRE(read);
  CHECK(read->ports.bind == port_bind::local_only);
  CHECK(read->ports.allowed_binds.size() == 2);
  CHECK(read->ports.random_range == port_range{30000, 30999});
  CHECK(read->ports.backlog == 16);
  CHECK(read->ports.source == port_source::preserve);
  CHECK(read->ports.proxy == proxy_protocol::v2);
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

TEST_CASE("metrics are for the loopback alone") {
  auto at = [](const std::string& text) {
    return config::load("x", "[metrics]\nlisten = \"" + text + "\"\n");
  };
  REQUIRE(at("127.0.0.1:9464"));
  CHECK(at("127.0.0.1:9464")->metrics.listen->port == 9464);
  CHECK(at("[::1]:9464"));
  CHECK_FALSE(at("off")->metrics.listen);
  CHECK_FALSE(settings{}.metrics.listen);
  for (auto other : {"0.0.0.0:9464", "[::]:9464", "10.0.0.7:9464"})
    CHECK(
      sentence("[metrics]\nlisten = \"" + std::string{other} + "\"\n")
        .find("write \"127.0.0.1:9464\" or \"[::1]:9464\"")
      != std::string::npos);
  for (auto bad : {"9464", "127.0.0.1", "127.0.0.1:0", "localhost:9464", ""})
    CHECK(sentence("[metrics]\nlisten = \"" + std::string{bad} + "\"\n")
            .ends_with("expected ADDRESS:PORT, or \"off\""));
}

TEST_CASE("the log has six levels and two formats") {
  auto read = config::load("x", "[log]\nlevel = \"warn\"\nformat = \"json\"\n");
  REQUIRE(read);
  CHECK(read->log.level == log_level::warn);
  CHECK(read->log.format == log_format::json);
  CHECK(settings{}.log.level == log_level::info);
  CHECK(sentence("[log]\nlevel = \"warning\"\n")
          .ends_with("did you mean \"warn\"?"));
}
