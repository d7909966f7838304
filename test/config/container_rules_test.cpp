#include "config/container_rules.hpp"
#include "config/publish_grammar.hpp"
#include "test/support/show.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace pier;

namespace {

container_spec plain() {
  container_spec out;
  out.name = "web";
  out.command = {"true"};
  return out;
}

port_spec port(const char* text) {
  return *config::parse_publish(text);
}

std::string refusal(const container_spec& spec) {
  std::vector<std::string> warnings;
  auto done = config::check(spec, warnings);
  return done ? "" : done.error().text;
}

using texts = std::vector<std::string>;

} // namespace

TEST_CASE("an ordinary container passes, and is called by its name") {
  std::vector<std::string> warnings;
  auto done = config::check(plain(), warnings);
  REQUIRE(done);
  CHECK(done->hostname == "web");
  CHECK(warnings.empty());
}

TEST_CASE("a name that no file or host could have is refused with the rule") {
  auto bad = GENERATE(
    as<std::string>{}, "", "-web", "web shop", "a/b", "wéb", ".hidden",
    std::string(64, 'a'), std::string("a\0b", 3));
  auto spec = plain();
  spec.name = bad;
  CHECK(
    refusal(spec)
    == "invalid container name " + bad
      + ": only [a-zA-Z0-9][a-zA-Z0-9_.-]*, at most 63 characters");
  spec = plain();
  if (bad.empty())
    return;
  spec.hostname = bad;
  CHECK(refusal(spec).find("invalid hostname " + bad) == 0);
}

TEST_CASE("each refusal names the thing, its value and the mend") {
  auto spec = plain();
  SECTION("no command") {
    spec.command.clear();
    CHECK(
      refusal(spec)
      == "no command to run: pier run [OPTIONS] -- COMMAND [ARG…]");
  }
  SECTION("an empty command") {
    spec.command = {""};
    CHECK(refusal(spec).find("no command to run") == 0);
  }
  SECTION("a variable without a value") {
    spec.environment = {"KEY"};
    CHECK(
      refusal(spec) == "invalid environment variable KEY: write -e NAME=VALUE");
  }
  SECTION("a variable's value is never shown") {
    spec.environment = {"=secret"};
    CHECK(refusal(spec).find("secret") == std::string::npos);
  }
  SECTION("a relative mount") {
    spec.mounts = {{"src", "/dst", false}};
    CHECK(
      refusal(spec) == "invalid mount source src: an absolute path is needed");
    spec.mounts = {{"/src", "dst", false}};
    CHECK(
      refusal(spec) == "invalid mount target dst: an absolute path is needed");
  }
  SECTION("a relative rootfs") {
    spec.rootfs = "tree";
    CHECK(refusal(spec) == "invalid --rootfs tree: an absolute path is needed");
  }
  SECTION("a host name that is none") {
    spec.hosts = {{"a b", *ip_address::parse("192.0.2.1")}};
    CHECK(refusal(spec) == "invalid --add-host name a b: write NAME:IP");
  }
  SECTION("ports without a network") {
    spec.network = network_mode::none;
    spec.publish = {port("80:80")};
    CHECK(
      refusal(spec)
      == "-p publishes nothing with --network none: leave one of them out");
  }
  SECTION("an attached namespace with a command") {
    spec.netns = "/run/netns/lab";
    CHECK(refusal(spec) == "an attached namespace runs no command of ours");
  }
  SECTION("an attached namespace on another network") {
    spec.netns = "/run/netns/lab";
    spec.command.clear();
    spec.network = network_mode::host;
    CHECK(
      refusal(spec) == "a namespace is attached to the bridge network only");
  }
}

TEST_CASE("two specs may not want the same host port") {
  auto clash = [](const char* a, const char* b) {
    auto spec = plain();
    spec.publish = {port(a), port(b)};
    return !refusal(spec).empty();
  };
  CHECK(clash("80:80", "80:81"));
  CHECK(clash("127.0.0.1:80:80", "80:80"));
  CHECK(clash("8000-8010:8000-8010", "8005:80"));
  CHECK_FALSE(clash("80:80", "80:80/udp"));
  CHECK_FALSE(clash("127.0.0.1:80:80", "127.0.0.2:80:80"));
  CHECK_FALSE(clash("80", "80"));
  CHECK_FALSE(clash("8000-8010:80", "8000-8010:81"));
  auto spec = plain();
  spec.publish = {port("80:80"), port("80:81")};
  CHECK(
    refusal(spec)
    == "-p 80:80 and -p 80:81 want the same host port: drop one of them");
}

TEST_CASE("on the host's network -p is discarded with Docker's warning") {
  auto spec = plain();
  spec.network = network_mode::host;
  spec.publish = {port("80:80")};
  std::vector<std::string> warnings;
  auto done = config::check(spec, warnings);
  REQUIRE(done);
  CHECK(done->publish.empty());
  CHECK(
    warnings
    == texts{"Published ports are discarded when using host network mode"});
}

TEST_CASE("-P publishes each exposed port that no -p covers, at random") {
  auto spec = plain();
  spec.publish = {port("8081:81"), port("53:53/udp")};
  spec.expose = {port("80-82"), port("53")};
  CHECK(config::published_specs(spec) == spec.publish);
  spec.publish_all = true;
  texts all;
  for (const auto& each : config::published_specs(spec))
    all.push_back(to_string(each));
  CHECK(all == texts{"8081:81", "53:53/udp", "80", "82", "53"});
}

TEST_CASE("a name nobody chose is a good one, and another one for each seed") {
  std::set<std::string> names;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    auto spec = plain();
    spec.name = config::random_name(seed);
    CHECK(refusal(spec).empty());
    CHECK(config::random_name(seed) == spec.name);
    names.insert(spec.name);
  }
  CHECK(names.size() > 50);
}
