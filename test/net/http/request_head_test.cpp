#include "net/http/request_head.hpp"

#include <catch2/catch.hpp>

using namespace pier;
using net::read_request;
using kind = proxy_request::kind;

namespace {

std::string lines(std::initializer_list<const char*> all) {
  std::string out;
  for (const auto* each : all)
    out += std::string{each} + "\r\n";
  return out + "\r\n";
}

unsigned refusal(const std::string& head) {
  auto read = read_request(head);
  return read ? 0 : read.error().status;
}

std::string get(std::initializer_list<const char*> fields) {
  auto out = lines(fields);
  return "GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n" + out;
}

} // namespace

TEST_CASE("a request in absolute form leads to its URL's host") {
  auto read = read_request(
    lines({"GET http://A.Example:8080/x?y#z HTTP/1.1", "Host: other", "X: 1"}));
  REQUIRE(read.has_value());
  CHECK(read->what.what == kind::exchange);
  CHECK(read->what.host == "a.example");
  CHECK(read->what.port == 8080);
  CHECK(
    net::onward_request(*read, false, {})
    == lines({"GET /x?y HTTP/1.1", "Host: A.Example:8080", "X: 1"}));
  CHECK(
    net::onward_request(*read, true, "Basic eA==")
    == lines(
      {"GET http://A.Example:8080/x?y HTTP/1.1", "Host: A.Example:8080", "X: 1",
       "Proxy-Authorization: Basic eA=="}));
}

TEST_CASE("CONNECT leads to a host and a port") {
  auto read = read_request(
    lines({"CONNECT [fd00::1]:443 HTTP/1.1", "Host: [fd00::1]:443"}));
  REQUIRE(read.has_value());
  CHECK(read->what.what == kind::connect);
  CHECK(read->what.host == "fd00::1");
  CHECK(read->what.port == 443);
  for (const auto* target : {"a.example", "a.example:0", ":443", "/", "a:b"})
    CHECK(
      refusal("CONNECT " + std::string{target} + " HTTP/1.1\r\nHost: a\r\n\r\n")
      == 400);
}

TEST_CASE("a URL without a path, and OPTIONS of a whole server") {
  auto bare = read_request(
    lines({"GET http://a.example HTTP/1.1", "Host: a.example"}));
  CHECK(bare->target == "/");
  auto all = read_request(
    lines({"OPTIONS http://a.example HTTP/1.1", "Host: a.example"}));
  CHECK(
    net::onward_request(*all, false, {})
    == lines({"OPTIONS * HTTP/1.1", "Host: a.example"}));
  CHECK(
    net::onward_request(*all, true, {})
    == lines({"OPTIONS http://a.example HTTP/1.1", "Host: a.example"}));
}

TEST_CASE("what one hop says to the next goes no further") {
  auto read = read_request(get(
    {"Connection: close, X-Own", "X-Own: 1", "Keep-Alive: 5", "TE: trailers",
     "Proxy-Connection: keep-alive", "Proxy-Authorization: Basic eA==",
     "Proxy-Anything: 1", "Upgrade: h2c", "Accept: */*"}));
  REQUIRE(read.has_value());
  CHECK_FALSE(read->facts.keep_alive);
  CHECK(
    net::onward_request(*read, false, {})
    == lines({"GET / HTTP/1.1", "Host: a.example", "Accept: */*"}));
}

TEST_CASE("a body that stays behind is said to be empty, and not awaited") {
  auto read = read_request(lines(
    {"POST http://a.example/ HTTP/1.1", "Host: a.example",
     "Transfer-Encoding: chunked", "Trailer: X-Sum", "Expect: 100-continue",
     "Accept: */*"}));
  REQUIRE(read.has_value());
  CHECK(
    net::onward_request(net::without_body(*read), true, "NTLM eA==")
    == lines(
      {"POST http://a.example/ HTTP/1.1", "Host: a.example", "Accept: */*",
       "Content-Length: 0", "Proxy-Authorization: NTLM eA=="}));
}

TEST_CASE("an upgrade is asked for again") {
  auto read = read_request(
    get({"Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Key: x"}));
  REQUIRE(read.has_value());
  CHECK(
    net::onward_request(*read, false, {})
    == lines(
      {"GET / HTTP/1.1", "Host: a.example", "Sec-WebSocket-Key: x",
       "Connection: upgrade", "Upgrade: websocket"}));
}

TEST_CASE("no request hides in another") {
  CHECK(
    refusal(get({"Content-Length: 5", "Transfer-Encoding: chunked"})) == 400);
  CHECK(
    refusal(get({"Transfer-Encoding: chunked", "Content-Length: 5"})) == 400);
  CHECK(refusal(get({"Content-Length: 5", "Content-Length: 6"})) == 400);
  CHECK(refusal(get({"Content-Length: 5", "Content-Length: 5"})) == 400);
  CHECK(refusal(get({"Content-Length: 5, 5"})) == 400);
  CHECK(refusal(get({"Content-Length: +5"})) == 400);
  CHECK(refusal(get({"Content-Length: 0x5"})) == 400);
  CHECK(refusal(get({"Content-Length: "})) == 400);
  CHECK(refusal(get({"Content-Length: 99999999999999999999999"})) == 400);
  CHECK(refusal(get({"Transfer-Encoding: gzip, chunked"})) == 501);
  CHECK(refusal(get({"Transfer-Encoding: chunked, identity"})) == 501);
  CHECK(refusal(get({"Transfer-Encoding: xchunked"})) == 501);
  CHECK(refusal(get({"Transfer-Encoding : chunked"})) == 400);
  CHECK(
    refusal(get({"Connection: content-length", "Content-Length: 5"})) == 400);
  CHECK(refusal(get({"Connection: host"})) == 400);
  CHECK(refusal(get({"X: a", " b"})) == 400);
  CHECK(refusal(get({"X: a", "\tb"})) == 400);
  CHECK(refusal(get({"X: a\nY: b"})) == 400);
  CHECK(refusal(get({"X: a\rY: b"})) == 400);
  CHECK(refusal("GET http://a/ HTTP/1.1\nHost: a\n\r\n\r\n") == 400);
  CHECK(refusal(get({"no colon"})) == 400);
  CHECK(
    refusal("GET http://a/ HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n")
    == 400);
  using namespace std::string_literals;
  CHECK(refusal("GET http://a/ HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n"s) == 400);
}

TEST_CASE("a Host is there, once, and names one") {
  CHECK(refusal(lines({"GET http://a.example/ HTTP/1.1"})) == 400);
  CHECK(refusal(lines({"GET http://a.example/ HTTP/1.0"})) == 0);
  CHECK(
    refusal(lines({"GET http://a/ HTTP/1.1", "Host: a", "Host: a"})) == 400);
  for (const auto* host : {"", "a b", "a/b", "a@b", "u:p@a", "a:b", "a:99999"})
    CHECK(
      refusal(
        "GET http://a/ HTTP/1.1\r\nHost: " + std::string{host} + "\r\n\r\n")
      == 400);
}

TEST_CASE("what is no request to a proxy is refused in words") {
  CHECK(refusal(lines({"GET / HTTP/1.1", "Host: a"})) == 400);
  CHECK(refusal(lines({"GET https://a/ HTTP/1.1", "Host: a"})) == 400);
  CHECK(refusal(lines({"GET ftp://a/ HTTP/1.1", "Host: a"})) == 400);
  CHECK(refusal(lines({"GET http://u:p@a/ HTTP/1.1", "Host: a"})) == 400);
  CHECK(refusal(lines({"GET http:// HTTP/1.1", "Host: a"})) == 400);
  CHECK(refusal(lines({"GET http://a:0/ HTTP/1.1", "Host: a"})) == 400);
  CHECK(refusal(lines({"GET http://a/ HTTP/2.0", "Host: a"})) == 505);
  CHECK(refusal(lines({"GET http://a/", "Host: a"})) == 400);
  CHECK(refusal(lines({"G@T http://a/ HTTP/1.1", "Host: a"})) == 400);
  CHECK(refusal("\x16\x03\x01\r\n\r\n") == 400);
  std::string many;
  for (int i = 0; i < 300; ++i)
    many += "X: 1\r\n";
  CHECK(
    refusal("GET http://a/ HTTP/1.1\r\nHost: a\r\n" + many + "\r\n") == 431);
}

TEST_CASE("a head ends where it ends") {
  CHECK(net::find_head_end("GET / HTTP/1.1\r\n\r") == 0);
  CHECK(net::find_head_end("a\r\n\r\nbody") == 5);
  CHECK(net::empty_lines_before("\r\n\r\nGET") == 4);
  CHECK(net::empty_lines_before("\rGET") == 0);
}

TEST_CASE("a led request leads to its Host") {
  auto read = net::read_led_request(
    lines({"GET /x HTTP/1.1", "Host: B.example"}), 8080);
  REQUIRE(read.has_value());
  CHECK(read->what.host == "b.example");
  CHECK(read->what.port == 8080);
  CHECK_FALSE(
    net::read_led_request(lines({"GET /x HTTP/1.0"}), 80).has_value());
}
