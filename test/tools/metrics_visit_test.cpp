// Whoever comes to the metrics' door, and what he is told.

#include "tools/pierd/metrics_visit.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <catch2/catch.hpp>

using namespace pier;
using namespace pier::daemon;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

using tcp = asio::ip::tcp;

struct fixture {
  fixture() {
    tcp::acceptor door{io, {asio::ip::address_v4::loopback(), 0}};
    client.connect(door.local_endpoint());
    visit = std::make_shared<metrics_visit>(
      door.accept(), [this](const auto& done) {
        ++asked;
        done(answer);
      });
    visit->on_end = [this](const metrics_visit*) { ended = true; };
    visit->start();
  }
  ~fixture() {
    visit->drop();
    io.restart();
    io.run_for(100ms);
  }

  /// What a client that says this, and nothing more, is told.
  std::string told(const std::string& said) {
    std::string out;
    auto done = false;
    asio::async_write(client, asio::buffer(said), [](const auto&, size_t) {});
    asio::async_read(
      client, asio::dynamic_buffer(out),
      [&](const auto&, size_t) { done = true; });
    io.restart();
    for (int i = 0; i < 1000 && !done; ++i)
      io.run_one_for(10ms);
    CHECK(done);
    return out;
  }

  asio::io_context io;
  tcp::socket client{io};
  std::shared_ptr<metrics_visit> visit;
  result<page> answer = std::make_shared<const std::string>("counted 1\n");
  int asked = 0;
  bool ended = false;
};

bool begins(const std::string& text, const std::string& front) {
  return text.compare(0, front.size(), front) == 0;
}

} // namespace

TEST_CASE_METHOD(fixture, "who asks for /metrics is given the page") {
  auto said = told("GET /metrics HTTP/1.1\r\nHost: localhost:9464\r\n\r\n");
  CHECK(begins(said, "HTTP/1.1 200 OK\r\n"));
  CHECK(said.ends_with("\r\n\r\ncounted 1\n"));
  CHECK(said.find("Content-Length: 10\r\n") != said.npos);
  CHECK(said.find("text/plain; version=0.0.4") != said.npos);
}

TEST_CASE_METHOD(fixture, "a head comes without the page") {
  auto said = told("HEAD /metrics HTTP/1.0\r\n\r\n");
  CHECK(begins(said, "HTTP/1.1 200 OK\r\n"));
  CHECK(said.find("Content-Length: 10\r\n") != said.npos);
  CHECK(said.ends_with("\r\n\r\n"));
}

TEST_CASE_METHOD(fixture, "what is no question for the page is refused") {
  const std::pair<std::string, std::string> all[] = {
    {"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "404"},
    {"GET /metricsx HTTP/1.1\r\nHost: localhost\r\n\r\n", "404"},
    {"POST /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", "405"},
    {"GET /metrics HTTP/1.1\r\nHost: evil.example:9464\r\n\r\n", "403"},
    {"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1.evil.example\r\n\r\n", "403"},
    {"GET /metrics HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello", "413"},
    {"GET /metrics HTTP/1.1\r\nX: " + std::string(9000, 'x') + "\r\n\r\n",
     "431"},
    {"\x16\x03\x01\x02\r\n\r\n", "400"},
    {"GET /metrics HTTP/1.1\nHost: localhost\n\n", "400"},
  };
  const auto& [said, status] = all[GENERATE(range(0, 9))];
  INFO(said.substr(0, 60));
  CHECK(begins(told(said), "HTTP/1.1 " + status + " "));
  CHECK(asked == 0);
}

TEST_CASE_METHOD(fixture, "when nothing can be counted it is told why") {
  answer = error{ec::interrupted, "the supervisor is being restarted"};
  auto said = told("GET /metrics HTTP/1.1\r\nHost: [::1]:9464\r\n\r\n");
  CHECK(begins(said, "HTTP/1.1 503 "));
  CHECK(said.find("is being restarted\n") != said.npos);
}

TEST_CASE_METHOD(fixture, "whoever hangs up early is forgotten") {
  client.close();
  for (int i = 0; i < 1000 && !ended; ++i)
    io.run_one_for(10ms);
  CHECK(ended);
  CHECK(asked == 0);
}

TEST_CASE("a host is the loopback by its name or its addresses alone") {
  for (auto host :
       {"localhost", "LocalHost:1", "127.0.0.1", "127.9.9.9:80", "[::1]",
        "[::1]:9464"})
    CHECK(is_loopback_host(host));
  for (auto host :
       {"", "localhost.evil.example", "10.0.0.1", "[::2]:9464", "[::1", "::1",
        "metadata"})
    CHECK_FALSE(is_loopback_host(host));
}
