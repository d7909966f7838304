#include "config/destination.hpp"
#include "config/host_port_grammar.hpp"

#include <catch2/catch.hpp>

using namespace pier;
using namespace pier::config;

TEST_CASE("a destination is what a person would type elsewhere") {
  auto as_text = [](const char* said) {
    auto parsed = parse_destination(said);
    return parsed ? to_string(*parsed) : std::string{"refused"};
  };
  CHECK(as_text("http://Example.com/x?y") == "example.com:80");
  CHECK(as_text("https://me:pw@a.test#z") == "a.test:443");
  CHECK(as_text("wss://a.test:8443/") == "a.test:8443");
  CHECK(as_text("tcp://10.0.0.1:22") == "10.0.0.1:22");
  CHECK(as_text("a.test.:53") == "a.test:53");
  CHECK(as_text("1.2.3.4.:53") == "1.2.3.4:53");
  CHECK(as_text("[fd00::1]:80") == "[fd00::1]:80");
  CHECK(as_text("http://[::1]/") == "[::1]:80");
  for (const auto* wrong :
       {"", ":", "a", "a:", "a:0", "a:65536", "a b:1", "tcp://a", "x://a:1",
        "fd00::1:80", "[a]:80", "[1.2.3.4]:80", "http://", ".a:1", "a..b:1",
        "a..:1", "..:1"})
    CHECK(as_text(wrong) == "refused");
}

TEST_CASE("a port of the host is named as it is printed") {
  auto as_text = [](const char* said) {
    auto parsed = parse_host_port(said);
    return parsed ? to_string(*parsed) : std::string{"refused"};
  };
  CHECK(as_text("80") == "80/tcp");
  CHECK(as_text("53/udp") == "53/udp");
  CHECK(as_text("127.0.0.1:80") == "127.0.0.1:80/tcp");
  CHECK(as_text("[::1]:53/udp") == "[::1]:53/udp");
  for (const auto* wrong : {"", "0", "80-81", "a:80", "80/icmp", "web"})
    CHECK(as_text(wrong) == "refused");
}
