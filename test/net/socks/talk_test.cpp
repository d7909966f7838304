#include "net/socks/talk.hpp"
#include "test/support/show.hpp"

#include <string>

using namespace pier;
using namespace pier::net;
using namespace std::string_literals;

namespace {

struct outcome {
  std::string said;
  bool over = false;
  std::optional<socks_wish> wish;
  /// What was not the talk's.
  std::string left;
};

socks_host open_house() {
  socks_host out;
  out.pac = [](const std::string& own_name) { return "pac of " + own_name; };
  return out;
}

socks_host house_of_users() {
  auto out = open_house();
  out.lets_in = [](const socks_login& who) {
    return who == socks_login{"me", "xyz"};
  };
  return out;
}

/// As it comes to the talk, so many bytes at a time.
outcome tell(const socks_host& host, const std::string& all, size_t piece) {
  socks_talk talk{host};
  outcome out;
  for (size_t at = 0; at < all.size() && !out.over && !out.wish; at += piece) {
    out.left += all.substr(at, piece);
    while (!out.over && !out.wish) {
      auto turn = talk.hear(out.left);
      out.left.erase(0, turn.taken);
      out.said += turn.said;
      out.over = turn.over;
      out.wish = turn.wish;
      if (turn.taken == 0)
        break;
    }
  }
  return out;
}

/// However it comes, the same comes of it.
outcome tell(const socks_host& host, const std::string& all) {
  auto out = tell(host, all, all.size());
  auto slow = tell(host, all, 1);
  CHECK(slow.said == out.said);
  CHECK(slow.over == out.over);
  CHECK(slow.wish.has_value() == out.wish.has_value());
  return out;
}

const auto to_web = "\5\1\0\3\3web\0\x50"s;

} // namespace

TEST_CASE("who needs no name has a wish at once, and what follows is kept") {
  auto host = open_house();
  auto out = tell(host, "\5\1\0"s + to_web + "hello", 99);
  CHECK(out.said == "\5\0"s);
  REQUIRE(out.wish);
  CHECK(out.wish->what == socks_command::connect);
  CHECK(out.wish->to == socks_address{{{}, 80}, "web"});
  CHECK(out.left == "hello");
  tell(host, "\5\1\0"s + to_web);
}

TEST_CASE("where there are users nobody else is let in") {
  auto host = house_of_users();
  auto in = tell(host, "\5\2\0\2\1\2me\3xyz"s + to_web);
  CHECK(in.said == "\5\2\1\0"s);
  CHECK(in.wish);
  auto wrong = tell(host, "\5\1\2\1\2me\3xya"s + to_web);
  CHECK(wrong.said == "\5\2\1\1"s);
  CHECK(wrong.over);
  CHECK_FALSE(wrong.wish);
  auto nameless = tell(host, "\5\1\0"s + to_web);
  CHECK(nameless.said == "\5\xff"s);
  CHECK(nameless.over);
  // He does not get past it by asking at once.
  CHECK_FALSE(nameless.wish);
}

TEST_CASE("where there are none, whoever has a name is let in with it") {
  auto out = tell(open_house(), "\5\1\2\1\2me\3xyz"s + to_web);
  CHECK(out.said == "\5\2\1\0"s);
  CHECK(out.wish);
}

TEST_CASE("what nobody knows is answered by its number") {
  auto host = open_house();
  auto command = tell(host, "\5\1\0\5\x09\0\1\1\2\3\4\0\1"s);
  CHECK(command.said == "\5\0\5\7\0\1\0\0\0\0\0\0"s);
  CHECK(command.over);
  auto address = tell(host, "\5\1\0\5\1\0\2"s);
  CHECK(address.said == "\5\0\5\x08\0\1\0\0\0\0\0\0"s);
  CHECK(address.over);
}

TEST_CASE("who speaks something else is hung up on without a word") {
  for (const auto& odd :
       {"\4\1\0\x50\1\2\3\4\0"s, "\x16\3\1"s, "\0"s, "\n"s, "get / \r\n"s}) {
    auto out = tell(open_house(), odd);
    CHECK(out.over);
    CHECK(out.said.empty());
  }
}

TEST_CASE("a tunnel of HTTP is a wish like any other") {
  auto out = tell(
    open_house(), "CONNECT web:80 HTTP/1.1\r\nHost: web:80\r\n\r\nhello", 99);
  REQUIRE(out.wish);
  CHECK(out.wish->dialect == socks_dialect::http);
  CHECK(out.wish->first.empty());
  CHECK_FALSE(out.wish->in_silence);
  CHECK(out.left == "hello");
}

TEST_CASE("a URL of HTTP is passed on, and answered by the server") {
  auto out = tell(open_house(), "GET http://web/x HTTP/1.1\r\n\r\n");
  REQUIRE(out.wish);
  CHECK(out.wish->first.starts_with("GET /x HTTP/1.1\r\nHost: web\r\n"));
  CHECK(out.wish->in_silence);
}

TEST_CASE("a tunnel needs a name where there are users, and the PAC does not") {
  auto host = house_of_users();
  auto no = tell(host, "CONNECT web:80 HTTP/1.1\r\n\r\n");
  CHECK(no.said.starts_with("HTTP/1.1 407 "));
  CHECK(no.said.find("Proxy-Authenticate: Basic ") != std::string::npos);
  CHECK(no.over);
  auto wrong = tell(
    host,
    "CONNECT web:80 HTTP/1.1\r\nProxy-Authorization: Basic "
    "bWU6eHlh\r\n\r\n");
  CHECK(wrong.said.starts_with("HTTP/1.1 407 "));
  auto right = tell(
    host,
    "CONNECT web:80 HTTP/1.1\r\nProxy-Authorization: basic "
    "bWU6eHl6\r\n\r\n");
  CHECK(right.wish);
  auto pac = tell(host, "GET /proxy.pac HTTP/1.1\r\nHost: here:1\r\n\r\n");
  CHECK(pac.over);
  CHECK(pac.said.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(
    pac.said.find("application/x-ns-proxy-autoconfig") != std::string::npos);
  CHECK(pac.said.ends_with("\r\n\r\npac of here:1"));
}

TEST_CASE("what HTTP does not know has its status") {
  auto status = [](const std::string& head) {
    auto out = tell(open_house(), head, head.size());
    CHECK(out.over);
    return out.said.substr(9, 3);
  };
  CHECK(status("GET / HTTP/1.1\r\n\r\n") == "404");
  CHECK(status("PUT /proxy.pac HTTP/1.1\r\n\r\n") == "405");
  CHECK(status("GET / HTTP/1.1\n\n") == "400");
  CHECK(status("GET /" + std::string(20000, 'x')) == "431");
}

TEST_CASE("a cause is told in the words of whoever asked") {
  auto http = [](ec why) {
    return socks_answer(socks_dialect::http, why).substr(9, 3);
  };
  CHECK(http(ec::ok) == "200");
  CHECK(http(ec::refused) == "502");
  CHECK(http(ec::host_unreachable) == "502");
  CHECK(http(ec::timed_out) == "504");
  CHECK(http(ec::forbidden) == "403");
  auto socks = [](ec why) {
    return static_cast<int>(socks_answer(socks_dialect::socks, why)[1]);
  };
  CHECK(socks(ec::ok) == 0);
  CHECK(socks(ec::refused) == 5);
  CHECK(socks(ec::host_unreachable) == 4);
  CHECK(socks(ec::network_unreachable) == 3);
  CHECK(socks(ec::forbidden) == 2);
  CHECK(socks(ec::exhausted) == 1);
}
