#include "net/dns/zone.hpp"
#include "test/net/dns/message.hpp"

#include <catch2/catch.hpp>

using namespace pier;
using namespace pier::trials;

namespace {

using kind = dns_answer::kind;

ip_address ip(const char* text) {
  return *ip_address::parse(text);
}

net::zone household() {
  net::zone out;
  out.suffixes = {"iechor.internal", "docker.internal"};
  out.gateway = {ip("10.0.0.1"), ip("fd00::1")};
  out.host = {ip("10.0.0.254"), ip("fd00::fe")};
  out.containers["Web"] = {ip("10.0.0.3"), ip("fd00::3")};
  out.hosts["db.lab.test"] = {ip("10.9.0.7"), ip("10.9.0.8")};
  out.hosts["printer"] = {ip("fd09::7")};
  return out;
}

std::optional<dns_answer>
asked(std::string name, uint16_t type = type_a, uint16_t klass = 1) {
  dns_question what;
  what.name = std::move(name);
  what.type = type;
  what.klass = klass;
  return net::answer(household(), what);
}

std::vector<ip_address> addresses(std::string name, uint16_t type = type_a) {
  auto got = asked(std::move(name), type);
  return got ? got->addresses : std::vector<ip_address>{};
}

using list = std::vector<ip_address>;

} // namespace

TEST_CASE("The host and the gateway are known under every suffix") {
  CHECK(addresses("host.docker.internal") == list{ip("10.0.0.254")});
  CHECK(addresses("host.iechor.internal", type_aaaa) == list{ip("fd00::fe")});
  CHECK(addresses("gateway.docker.internal") == list{ip("10.0.0.1")});
  CHECK(addresses("docker.for.mac.localhost") == list{ip("10.0.0.254")});
  CHECK(addresses("docker.for.win.gateway.internal") == list{ip("10.0.0.1")});
  CHECK_FALSE(asked("host"));
}

TEST_CASE("A container is known by its name in any case, bare or not") {
  // Questions come in lower case.
  CHECK(addresses("web") == list{ip("10.0.0.3")});
  CHECK(addresses("web.docker.internal") == list{ip("10.0.0.3")});
  CHECK(addresses("web", type_any) == list{ip("10.0.0.3"), ip("fd00::3")});
}

TEST_CASE("A name of the settings has its addresses, and no others") {
  CHECK(addresses("db.lab.test") == list{ip("10.9.0.7"), ip("10.9.0.8")});
  CHECK(asked("db.lab.test", type_aaaa)->what == kind::no_data);
  CHECK(addresses("printer", type_aaaa) == list{ip("fd09::7")});
  CHECK(addresses("printer.docker.internal", type_any) == list{ip("fd09::7")});
  CHECK_FALSE(asked("x.db.lab.test"));
  CHECK_FALSE(asked("lab.test"));
}

TEST_CASE("A name of the settings goes before a container of that name") {
  auto of = household();
  of.hosts["web"] = {ip("10.9.0.9")};
  dns_question what;
  what.name = "web";
  what.type = type_a;
  CHECK(net::answer(of, what)->addresses == list{ip("10.9.0.9")});
}

TEST_CASE("An address that a network has not is no answer") {
  auto of = household();
  of.host.second = of.gateway.second = ip("::");
  of.containers["web"].second = ip("::");
  dns_question what;
  for (auto name : {"host.docker.internal", "web"}) {
    what.name = name;
    what.type = type_aaaa;
    CHECK(net::answer(of, what)->what == kind::no_data);
    what.type = type_any;
    CHECK(net::answer(of, what)->addresses.size() == 1);
  }
  what.name = std::string{};
  for (int i = 0; i < 32; ++i)
    what.name += "0.";
  what.name += "ip6.arpa";
  CHECK_FALSE(net::answer(of, what));
}

TEST_CASE("A name of ours without records of that type has no data") {
  auto got = asked("web", type_mx);
  REQUIRE(got);
  CHECK(got->what == kind::no_data);
  CHECK(asked("docker.internal")->what == kind::no_data);
}

TEST_CASE(
  "An unknown name under a suffix does not exist; others are not ours") {
  CHECK(asked("db.docker.internal")->what == kind::no_such_name);
  CHECK_FALSE(asked("db"));
  CHECK_FALSE(asked("example.com"));
  CHECK_FALSE(asked("notdocker.internal"));
  CHECK_FALSE(asked("web", type_a, 3));
}

TEST_CASE("localhost is here") {
  CHECK(addresses("localhost") == list{ip("127.0.0.1")});
  CHECK(addresses("a.localhost", type_aaaa) == list{ip("::1")});
  CHECK_FALSE(asked("notlocalhost"));
}

TEST_CASE("An address of ours leads back to its name, both families") {
  auto pointer = [](const char* name, uint16_t type = type_ptr) {
    auto got = asked(name, type);
    return got ? got->pointer : "nobody's";
  };
  CHECK(pointer("3.0.0.10.in-addr.arpa") == "Web.iechor.internal");
  CHECK(pointer("254.0.0.10.in-addr.arpa") == "host.iechor.internal");
  CHECK(pointer("1.0.0.10.in-addr.arpa") == "gateway.iechor.internal");
  std::string nibbles = "3.";
  for (int i = 0; i < 29; ++i)
    nibbles += "0.";
  CHECK(pointer((nibbles + "d.f.ip6.arpa").c_str()) == "Web.iechor.internal");
  CHECK(pointer("9.0.0.10.in-addr.arpa") == "nobody's");
  CHECK(asked("3.0.0.10.in-addr.arpa", type_a)->what == kind::no_data);
}
