#include "net/socks/authority.hpp"
#include "net/socks/http_head.hpp"
#include "test/support/show.hpp"

#include <string>

using namespace pier;
using namespace pier::net;
using namespace std::string_literals;
using kind = http_request::kind;

namespace {

http_request read(const std::string& head) {
  auto out = read_http_head(head + "body");
  REQUIRE(out);
  REQUIRE(out->size == head.size());
  return out->what;
}

bool is_malformed(const std::string& head) {
  auto out = read_http_head(head);
  return !out && out.error().code == ec::bad_request;
}

std::string with(const std::string& fields) {
  return "POST http://web/ HTTP/1.1\r\nHost: web\r\n" + fields + "\r\n";
}

} // namespace

TEST_CASE("a head is whole at its empty line, and not before") {
  auto head = "CONNECT web:443 HTTP/1.1\r\nHost: web:443\r\n\r\n"s;
  for (size_t size = 0; size < head.size(); ++size) {
    auto part = read_http_head(head.substr(0, size));
    REQUIRE(part);
    CHECK(part->size == 0);
  }
  auto asked = read(head);
  CHECK(asked.what == kind::connect);
  CHECK(asked.to == socks_address{{{}, 443}, "web"});
}

TEST_CASE("a tunnel goes to a name or an address, and always to a port") {
  auto to = [](const std::string& where) {
    return read_http_head("CONNECT " + where + " HTTP/1.1\r\n\r\n");
  };
  CHECK(
    to("192.168.65.3:80")->what.to.at
    == endpoint{*ip_address::parse("192.168.65.3"), 80});
  CHECK(
    to("[fd07::3]:80")->what.to.at
    == endpoint{*ip_address::parse("fd07::3"), 80});
  for (auto odd :
       {"web", "web:", "web:0", "web:65536", "web:8x", ":80", "[fd07::3]",
        "[web]:80", "[1.2.3.4]:80", "me@web:80", "web/:80", "http://web:80"})
    CHECK_FALSE(to(odd));
}

TEST_CASE("an absolute URL becomes what the server is to hear") {
  auto asked = read(
    "GET http://Web:8080/a?b=c HTTP/1.1\r\nHost: other\r\nAccept: */*\r\n"
    "Proxy-Connection: keep-alive\r\nConnection: keep-alive, X-Hop\r\n"
    "X-Hop: 1\r\nX-End: 2\r\nProxy-Authorization: Basic eDp5\r\n\r\n");
  CHECK(asked.what == kind::forward);
  CHECK(asked.to == socks_address{{{}, 8080}, "Web"});
  CHECK(asked.credentials == "Basic eDp5");
  CHECK(
    asked.rewritten
    == "GET /a?b=c HTTP/1.1\r\nHost: Web:8080\r\nAccept: */*\r\nX-End: 2\r\n"
       "Connection: close\r\n\r\n");
}

TEST_CASE("a URL without a path is that of the root, and of port 80") {
  auto asked = read("GET http://web HTTP/1.0\r\n\r\n");
  CHECK(asked.to.at.port == 80);
  CHECK(asked.rewritten.starts_with("GET / HTTP/1.0\r\nHost: web\r\n"));
  CHECK(read("GET http://web?x HTTP/1.1\r\n\r\n")
          .rewritten.starts_with("GET /?x HTTP/1.1\r\n"));
}

TEST_CASE("an upgrade is carried on, and a body keeps its length") {
  auto asked = read(
    with("Upgrade: websocket\r\nConnection: Upgrade\r\nContent-Length: 4\r\n"));
  CHECK(asked.rewritten.ends_with(
    "Content-Length: 4\r\nUpgrade: websocket\r\nConnection: "
    "Upgrade\r\n\r\n"));
  // Nobody takes it away by calling it one of this hop.
  CHECK(
    read(with("Content-Length: 4\r\nConnection: Content-Length\r\n"))
      .rewritten.find("Content-Length: 4")
    != std::string::npos);
}

TEST_CASE("what two readers could read in two ways is refused") {
  CHECK_FALSE(is_malformed(with("Content-Length: 4\r\n")));
  CHECK_FALSE(is_malformed(with("Transfer-Encoding: chunked\r\n")));
  for (auto odd :
       {"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
        "Content-Length: 4\r\nContent-Length: 5\r\n",
        "Content-Length: 4\r\nContent-Length: 4\r\n",
        "Content-Length: 4, 4\r\n",
        "Content-Length: +4\r\n",
        "Content-Length: 0x4\r\n",
        "Content-Length: -1\r\n",
        "Content-Length:\r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: \vchunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length : 4\r\n",
        " Content-Length: 4\r\n",
        "X: a\r\n folded\r\n",
        "X: a\r\n\tfolded\r\n",
        "X\r\n",
        ": x\r\n",
        "X y: z\r\n",
        "X: a\nY: b\r\n",
        "X: a\rY: b\r\n",
        "Host: two\r\n"})
    CHECK(is_malformed(with(odd)));
  CHECK(is_malformed(with("X: \0\r\n"s)));
  CHECK(is_malformed(with("X: \1\r\n"s)));
  for (auto odd :
       {"GET  http://web/ HTTP/1.1\r\n\r\n", "GET http://web/\r\n\r\n",
        "GET http://web/ HTTP/2.0\r\n\r\n", "GET http://web/ http/1.1\r\n\r\n",
        "GET http://web/ HTTP/1.1 \r\n\r\n", "G(T http://web/ HTTP/1.1\r\n\r\n",
        "GET https://web/ HTTP/1.1\r\n\r\n", "GET http:/// HTTP/1.1\r\n\r\n",
        "GET http://me:x@web/ HTTP/1.1\r\n\r\n",
        "GET http://web/#x HTTP/1.1\r\n\r\n", "GET web/ HTTP/1.1\r\n\r\n",
        "POST http://web/ HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"})
    CHECK(is_malformed(odd));
}

TEST_CASE("a bare line feed is refused before the head is whole") {
  CHECK(is_malformed("GET http://web/ HTTP/1.1\n"));
  CHECK(is_malformed("\n"));
}

TEST_CASE("a head without end is refused when it is too long") {
  auto begin = "GET http://web/ HTTP/1.1\r\nX: "s;
  auto long_one = begin + std::string(max_http_head, 'x');
  auto refused = read_http_head(long_one);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ec::exhausted);
  CHECK(read_http_head(long_one.substr(0, max_http_head - 1))->size == 0);
}

TEST_CASE("what is asked of the proxy itself has a path") {
  auto asked = read("GET /proxy.pac HTTP/1.1\r\nHost: localhost:1080\r\n\r\n");
  CHECK(asked.what == kind::own);
  CHECK(asked.path == "/proxy.pac");
  CHECK(asked.host == "localhost:1080");
}
