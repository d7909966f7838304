#include "net/proxy/bypass.hpp"

#include <catch2/catch.hpp>

using namespace pier;

namespace {

struct vector {
  const char* pattern;
  const char* host;
  uint16_t port;
  bool fits;
};

constexpr vector vectors[]{
  {"*", "anything.example", 80, true},
  {"*", "10.0.0.1", 80, true},
  {"example.com", "example.com", 80, true},
  {"example.com", "www.example.com", 80, true},
  {"example.com", "a.b.example.com", 80, true},
  {"example.com", "example.com.", 80, true},
  {"example.com", "notexample.com", 80, false},
  {"example.com", "example.com.evil", 80, false},
  {".example.com", "www.example.com", 80, true},
  {".example.com", "example.com", 80, false},
  {"*.example.com", "www.example.com", 80, true},
  {"*.example.com", "example.com", 80, false},
  {"EXAMPLE.com", "example.com", 80, true},
  {"example.com:8080", "example.com", 8080, true},
  {"example.com:8080", "example.com", 80, false},
  {"10.0.0.1", "10.0.0.1", 80, true},
  {"10.0.0.1", "::ffff:10.0.0.1", 80, true},
  {"10.0.0.1", "10.0.0.2", 80, false},
  {"10.0.0.1:80", "10.0.0.1", 80, true},
  {"10.0.0.1:80", "10.0.0.1", 443, false},
  {"10.0.0.0/8", "10.255.0.1", 80, true},
  {"10.0.0.0/8", "11.0.0.1", 80, false},
  {"10.0.0.0/8", "10.example", 80, false},
  {"fd00::/8", "fd12::1", 80, true},
  {"fd00::/8", "fe80::1", 80, false},
  {"::1", "::1", 80, true},
  {"[fd00::1]:443", "fd00::1", 443, true},
  {"[fd00::1]:443", "fd00::1", 80, false},
  {"localhost", "localhost", 80, true},
};

} // namespace

TEST_CASE("what is excluded is what the pattern means") {
  for (const auto& each : vectors) {
    INFO(each.pattern << " for " << each.host << ":" << each.port);
    auto one = parse_exclusion(each.pattern);
    REQUIRE(one);
    std::vector<exclusion> all{*one};
    CHECK(
      (net::find_exclusion(all, each.host, each.port) != nullptr) == each.fits);
  }
}

TEST_CASE("an exclusion is written as it is read") {
  for (const auto& each : vectors) {
    auto one = parse_exclusion(each.pattern);
    REQUIRE(one);
    CHECK(parse_exclusion(to_string(*one)) == one);
  }
}

TEST_CASE("what is no pattern is none") {
  for (const auto* text :
       {"", ".", "*.", "a b", "example.com:", "example.com:0",
        "example.com:65536", "10.0.0.0/33", "10.0.0", "10.0.0.1/8", "a*b",
        "..example", "*.*.example", "[::1", "http://example.com"})
    CHECK_FALSE(parse_exclusion(text));
}

TEST_CASE("the first exclusion that fits is named") {
  std::vector<exclusion> all{
    *parse_exclusion("example.org"), *parse_exclusion("*")};
  CHECK(net::find_exclusion(all, "example.org", 80) == &all[0]);
  CHECK(net::find_exclusion(all, "example.com", 80) == &all[1]);
}

TEST_CASE("loopback is loopback by name and by address") {
  for (const auto* host :
       {"localhost", "localhost.", "a.localhost", "127.0.0.1", "127.9.9.9",
        "::1", "::ffff:127.0.0.1"})
    CHECK(net::is_loopback(host));
  for (const auto* host : {"localhost.example", "notlocalhost", "10.0.0.1", ""})
    CHECK_FALSE(net::is_loopback(host));
}

TEST_CASE("transparent ports are a list, all or none") {
  CHECK(to_string(*parse_transparent_ports("443, 80,80")) == "80,443");
  CHECK(parse_transparent_ports("*")->has(1));
  CHECK_FALSE(parse_transparent_ports("")->has(80));
  CHECK(transparent_ports{}.has(443));
  for (const auto* text : {"80,", ",80", "0", "65536", "http", "80 443", "**"})
    CHECK_FALSE(parse_transparent_ports(text));
}
