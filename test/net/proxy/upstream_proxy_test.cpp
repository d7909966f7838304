#include "messages/upstream_proxy.hpp"
#include "test/support/show.hpp"

#include <catch2/catch.hpp>

using namespace pier;

TEST_CASE("a proxy's URL says what it speaks, where it is and who we are") {
  struct row {
    const char* text;
    proxy_scheme scheme;
    const char* host;
    uint16_t port;
    const char* user;
    const char* password;
    const char* shown;
  };
  for (const auto& each : {
         row{
           "proxy", proxy_scheme::http, "proxy", 80, "", "", "http://proxy:80"},
         row{
           "Proxy.Example:3128", proxy_scheme::http, "proxy.example", 3128, "",
           "", "http://proxy.example:3128"},
         row{
           "HTTPS://p/", proxy_scheme::https, "p", 443, "", "",
           "https://p:443"},
         row{
           "socks5://10.0.0.1", proxy_scheme::socks5, "10.0.0.1", 1080, "", "",
           "socks5://10.0.0.1:1080"},
         row{
           "socks5h://u@[FE80::1]:9", proxy_scheme::socks5h, "fe80::1", 9, "u",
           "", "socks5h://***@[fe80::1]:9"},
         row{
           "http://DOM%5Cme:p%40ss%3A@w:81", proxy_scheme::http, "w", 81,
           "DOM\\me", "p@ss:", "http://***@w:81"},
         row{
           "http://me:at@sign@w", proxy_scheme::http, "w", 80, "me", "at@sign",
           "http://***@w:80"},
       }) {
    INFO(each.text);
    auto read = parse_upstream_proxy(each.text);
    REQUIRE(read);
    CHECK(read->scheme == each.scheme);
    CHECK(read->host == each.host);
    CHECK(read->port == each.port);
    CHECK(read->user.reveal() == each.user);
    CHECK(read->password.reveal() == each.password);
    CHECK(to_string(*read) == each.shown);
  }
}

TEST_CASE("what is no proxy's URL is refused, and no password is repeated") {
  for (const auto* each :
       {"",
        "ftp://p:21",
        "http://",
        "http://p:0",
        "http://p:65536",
        "http://p:x",
        "http://p:",
        "http://me:hush@",
        "http://me:hush@p/path",
        "http://me:hu/sh@p",
        "http://me:hush%4@p",
        "http://me:hush%00@p",
        "http://me:hush%0d%0aX@p",
        "http://::1:80",
        "http://[::1",
        "http://a b",
        "http://me:hush@p:hush",
        "http://[1.2.3.4]:80",
        "hush://p",
        "http://.p"}) {
    INFO(each);
    auto read = parse_upstream_proxy(each);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == ec::bad_request);
    CHECK(read.error().text.find("hush") == std::string::npos);
    CHECK(read.error().text.find("HOST[:PORT]") != std::string::npos);
  }
  CHECK_FALSE(parse_upstream_proxy("http://" + std::string(3000, 'x')));
  CHECK_FALSE(parse_upstream_proxy("http://" + std::string(300, 'u') + "@p"));
}
