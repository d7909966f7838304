#include "net/http/response_head.hpp"

#include <catch2/catch.hpp>

using namespace pier;
using net::framing;
using net::read_response;

namespace {

net::response_head
read(const std::string& rest, const std::string& method = "GET") {
  auto out = read_response("HTTP/1.1 " + rest + "\r\n\r\n", method);
  REQUIRE(out.has_value());
  return std::move(*out);
}

} // namespace

TEST_CASE("an answer's body is as long as its head says") {
  CHECK(
    read("200 OK\r\nContent-Length: 5").facts.body
    == framing{framing::kind::length, 5});
  CHECK(
    read("200 OK\r\nTransfer-Encoding: chunked").facts.body.how
    == framing::kind::chunked);
  CHECK(read("200 OK").facts.body.how == framing::kind::until_end);
  CHECK_FALSE(read("200 OK").facts.keep_alive);
  for (const auto* status :
       {"204 No Content", "304 Not Modified", "100 Continue"})
    CHECK(read(status).facts.body.how == framing::kind::none);
  CHECK(
    read("200 OK\r\nContent-Length: 5", "HEAD").facts.body.how
    == framing::kind::none);
}

TEST_CASE("the length that a GET would have goes on without a body") {
  auto head = read("200 OK\r\nContent-Length: 5", "HEAD");
  auto as = net::onward_framing(head, true);
  CHECK(
    net::onward_response(head, as, true, true)
    == "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
}

TEST_CASE("each client hears where a body ends") {
  auto open_end = read("200 OK");
  CHECK(net::onward_framing(open_end, true).how == framing::kind::chunked);
  CHECK(net::onward_framing(open_end, false).how == framing::kind::until_end);
  auto chunked = read("200 OK\r\nTransfer-Encoding: chunked");
  CHECK(net::onward_framing(chunked, true).how == framing::kind::chunked);
  CHECK(net::onward_framing(chunked, false).how == framing::kind::until_end);
}

TEST_CASE("what one hop of an answer says goes no further") {
  auto head = read(
    "200 Fine Thing\r\nConnection: X-Own\r\nX-Own: 1\r\nServer: s\r\n"
    "Proxy-Authenticate: Basic\r\nContent-Length: 0");
  auto as = net::onward_framing(head, true);
  CHECK(
    net::onward_response(head, as, true, false)
    == "HTTP/1.1 200 Fine Thing\r\nServer: s\r\nContent-Length: 0\r\n"
       "Connection: close\r\n\r\n");
}

TEST_CASE("an answer that can be read in two ways is not passed on") {
  for (const auto* rest :
       {"200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked",
        "200 OK\r\nContent-Length: 5\r\nContent-Length: 6",
        "200 OK\r\nX: a\r\n b", "200 OK\r\nX: a\nY: b", "20 OK", "OK",
        "200 OK\r\nTransfer-Encoding: gzip"}) {
    auto out = read_response(
      "HTTP/1.1 " + std::string{rest} + "\r\n\r\n", "GET");
    REQUIRE_FALSE(out.has_value());
    CHECK(out.error().status == 502);
  }
}

TEST_CASE("our own answers say why, and end the connection") {
  auto text = net::own_response(
    net::refusal_of({ec::timed_out, "a.example:80: no answer"}));
  CHECK(text.starts_with("HTTP/1.1 504 Gateway Timeout\r\n"));
  CHECK(text.find("Connection: close\r\n") != text.npos);
  CHECK(text.ends_with("\r\n\r\npier: a.example:80: no answer\n"));
  CHECK(net::refusal_of({ec::forbidden, ""}).status == 403);
  CHECK(net::refusal_of({ec::refused, ""}).status == 502);
  CHECK(net::refusal_of({ec::exhausted, ""}).status == 503);
}
