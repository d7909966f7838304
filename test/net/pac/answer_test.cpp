#include "net/pac/answer.hpp"
#include "net/pac/pac_script.hpp"
#include "net/pac/script_url.hpp"
#include "test/support/show.hpp"

#include <catch2/catch.hpp>

using namespace pier;
using namespace pier::net;

namespace {

std::string told(std::string_view text) {
  auto all = parse_pac_answer(text);
  if (!all)
    return "refused";
  std::string out;
  for (const auto& each : *all)
    out += (out.empty() ? "" : "; ") + to_string(each);
  return out;
}

} // namespace

TEST_CASE("a PAC answer is a list of ways") {
  CHECK(told("DIRECT") == "direct");
  CHECK(told("") == "direct");
  CHECK(told(" ; ") == "refused");
  CHECK(told("PROXY p:3128") == "through http://p:3128");
  CHECK(
    told("proxy P.example:80 ;HTTPS q:443;\tSOCKS r:1;SOCKS5 [::1]:2; DIRECT;")
    == "through http://p.example:80; through https://q:443; "
       "through socks5://r:1; through socks5://[::1]:2; direct");
  CHECK(
    told("PROXY reject.iechor.internal:any")
    == "blocked: the PAC script says reject.iechor.internal:any");
  CHECK(
    told("PROXY reject.docker.internal:any; DIRECT")
    == "blocked: the PAC script says reject.docker.internal:any; direct");
}

TEST_CASE("what a PAC answer has that nobody knows is passed over") {
  CHECK(told("SOCKS4 p:1; QUIC q:2; PROXY p:3") == "through http://p:3");
  for (const auto* each :
       {"undefined", "null", "PROXY", "PROXY p:x", "PROXY p q:1", "DIRECT now",
        "PROXY http://p:1", "PROXY me:hush@p:1", "PROXY p/x", "\x01\xff"}) {
    INFO(each);
    CHECK(told(each) == "refused");
  }
  CHECK(told(std::string(3000, 'x')) == "refused");
  std::string many;
  for (int i = 1; i < 100; ++i)
    many += "PROXY p:" + std::to_string(i) + ";";
  CHECK(parse_pac_answer(many)->size() == 16);
}

TEST_CASE("a script knows of a destination its scheme, host and port") {
  CHECK(url_of({true, "web.example", 443}) == "https://web.example:443/");
  CHECK(url_of({false, "10.0.0.1", 80}) == "http://10.0.0.1:80/");
  CHECK(url_of({false, "fd00::1", 8080}) == "http://[fd00::1]:8080/");
  for (const auto* each :
       {"", "a'b", "a\"b", "a b", "a/b", "a\nb", "fe80::1%x"})
    CHECK(url_of({false, each, 80}).empty());
  CHECK(url_of({false, "web", 0}).empty());
}

TEST_CASE("where a script is fetched from is an http or https URL") {
  auto one = parse_script_url("https://Wpad.example/proxy.pac?x=y#z");
  REQUIRE(one);
  CHECK(to_string(*one) == "https://wpad.example:443/proxy.pac?x=y");
  CHECK(to_string(*parse_script_url("http://w:81")) == "http://w:81/");
  CHECK(
    to_string(*parse_script_url("http://[::1]:81?q")) == "http://[::1]:81/?q");
  for (const auto* each :
       {"", "wpad", "ftp://w/", "socks5://w/", "http:///x", "http://me:hush@w/",
        "http://w/a b", "http://w/\r\nX: y", "http://w:0/"})
    CHECK_FALSE(parse_script_url(each));
  CHECK_FALSE(parse_script_url("http://w/" + std::string(3000, 'x')));
  CHECK(
    to_string(*redirected(*one, "/other")) == "https://wpad.example:443/other");
  CHECK(to_string(*redirected(*one, "http://x/")) == "http://x:80/");
  CHECK_FALSE(redirected(*one, "//x/"));
  CHECK_FALSE(redirected(*one, "other"));
  CHECK_FALSE(redirected(*one, ""));
}
