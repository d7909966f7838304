#include "config/publish_grammar.hpp"

#include <catch2/catch.hpp>

using namespace pier;

TEST_CASE("what is accepted prints as it was written") {
  for (auto text :
       {"80", "8080:80", "127.0.0.1:8080:80", "127.0.0.1::80", "[::1]:8080:80",
        "8000-8010:80-90/udp", "8000-9000:80", "53:53/udp",
        "80,source=preserve", "[::1]:8080:80/udp,source=nat",
        "8080:80,source=nat,proxy_protocol=v2", "80,proxy_protocol=none"}) {
    auto spec = config::parse_publish(text);
    REQUIRE(spec.has_value());
    CHECK(to_string(*spec) == text);
  }
}

TEST_CASE("the forms that mean the same are the same") {
  auto same = [](const char* a, const char* b) {
    return *config::parse_publish(a) == *config::parse_publish(b);
  };
  CHECK(same("0:80", "80"));
  CHECK(same(":80", "80"));
  CHECK(same("80/TCP", "80"));
  CHECK(same("::1:8080:80", "[::1]:8080:80"));
  CHECK(
    same("80,source=nat,proxy_protocol=v2", "80,proxy_protocol=v2,source=nat"));
  // What a port says of itself is not what the settings say.
  CHECK_FALSE(same("80", "80,source=nat"));
}

TEST_CASE("every refusal says what Docker says") {
  const std::pair<const char*, const char*> wrong[] = {
    {"", "no port specified: <empty>"},
    {"8080:", "no port specified: 8080:<empty>"},
    {"80/xtp", "invalid proto: xtp"},
    {"localhost:80:80", "invalid IP address: localhost"},
    {"1.2.3:80:80", "invalid IP address: 1.2.3"},
    {"[1.2.3.4]:80:80", "invalid IP address: [1.2.3.4]"},
    {"x", "invalid containerPort: x"},
    {"0", "invalid containerPort: 0"},
    {"65536", "invalid containerPort: 65536"},
    {"90-80", "invalid containerPort: 90-80"},
    {"-1:80", "invalid hostPort: -1"},
    {"8080 :80", "invalid hostPort: 8080 "},
    {"8000-8002:80-81",
     "invalid ranges specified for container and host Ports: 80-81 and "
     "8000-8002"},
    {"80/sctp", "proto sctp is not supported"},
    {"80,90", "invalid publish option: 90: there are source="},
    {"80,", "invalid publish option: : there are source="},
    {"80,source=Nat",
     "invalid publish option: source=Nat: write source=nat|preserve"},
    {"80,source=",
     "invalid publish option: source=: write source=nat|preserve"},
    {"80,proxy_protocol=v1",
     "invalid publish option: proxy_protocol=v1: write "
     "proxy_protocol=none|v2"},
    {"80,source=nat,source=nat",
     "publish option stands here twice: source=nat"},
    {",source=nat", "no port specified: <empty>"},
  };
  for (const auto& [text, stem] : wrong) {
    auto spec = config::parse_publish(text);
    REQUIRE_FALSE(spec.has_value());
    CHECK(spec.error().text.rfind(stem, 0) == 0);
  }
}

TEST_CASE("what is exposed has no host side") {
  auto spec = config::parse_expose("90-91/udp");
  REQUIRE(spec.has_value());
  CHECK(spec->host.any());
  CHECK(spec->container == port_range{90, 91});
  CHECK_FALSE(config::parse_expose("80:80").has_value());
  CHECK_FALSE(config::parse_expose("80,source=nat").has_value());
}
