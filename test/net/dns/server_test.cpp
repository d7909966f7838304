#include "net/dns/server.hpp"
#include "test/net/dns/loop.hpp"
#include "test/net/dns/message.hpp"
#include "test/net/dns/name_server.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/write.hpp>

#include <catch2/catch.hpp>

#include <map>

using namespace pier;
using namespace pier::trials;
using boost::asio::ip::tcp;
using boost::asio::ip::udp;
using net::dns_code;

namespace {

const auto loopback = boost::asio::ip::address_v4::loopback();

struct fixture : loop {
  fixture() {
    server.serve(family::v4, desk.native_handle(), door.native_handle());
    server.watch([this](const dns_question& what) { asked.push_back(what); });
    guest.non_blocking(true);
    guest.connect(desk.local_endpoint());
  }

  void say(const net::dns_bytes& bytes) {
    guest.send(boost::asio::buffer(bytes));
  }

  /// The next datagram; empty: none came.
  net::dns_bytes hear() {
    net::dns_bytes out(70000);
    size_t size = 0;
    until([&] {
      boost::system::error_code why;
      size = guest.receive(boost::asio::buffer(out), 0, why);
      return !why;
    });
    out.resize(size);
    return out;
  }

  tcp::socket call() {
    tcp::socket out{io};
    out.connect(door.local_endpoint());
    out.non_blocking(true);
    return out;
  }

  /// Messages in their order; fewer: the line was closed, or nothing came.
  std::vector<net::dns_bytes> hear(tcp::socket& line, size_t count) {
    net::dns_bytes stream;
    std::vector<net::dns_bytes> out;
    until([&] {
      net::dns_bytes more(70000);
      boost::system::error_code why;
      auto size = line.read_some(boost::asio::buffer(more), why);
      stream.insert(
        stream.end(), more.begin(),
        more.begin() + static_cast<std::ptrdiff_t>(size));
      while (stream.size() >= 2) {
        auto end = stream.begin() + 2 + (stream[0] << 8 | stream[1]);
        if (end - stream.begin() > static_cast<std::ptrdiff_t>(stream.size()))
          break;
        out.emplace_back(stream.begin() + 2, end);
        stream.erase(stream.begin(), end);
      }
      return out.size() >= count
        || (why && why != boost::asio::error::would_block);
    });
    return out;
  }

  bool hears(size_t count) {
    return until([&] { return asked.size() == count; });
  }

  std::unique_ptr<net::exchange> claim(const dns_question& what) {
    return server.claim(
      what.number, [this](const dns_event& e) { events.push_back(e); });
  }

  net::dns_bytes upstreams_answer;
  name_server upstreams{io, [this](const name_server::heard& what) {
                          auto out = upstreams_answer;
                          net::set_id(out, net::id_of(what.query));
                          return std::vector<net::dns_bytes>{out};
                        }};
  net::upstream resolvers{
    io, [this] { return std::vector<endpoint>{upstreams.at()}; },
    std::chrono::seconds{8}};
  net::dns_server server{io, resolvers};
  udp::socket desk{io, {loopback, 0}};
  tcp::acceptor door{io, {loopback, 0}};
  udp::socket guest{io, {loopback, 0}};
  std::vector<dns_question> asked;
  std::vector<dns_event> events;
};

const auto query = ask("web.test");

dns_answer address(const char* text) {
  dns_answer out;
  out.what = dns_answer::kind::records;
  out.addresses = {*ip_address::parse(text)};
  return out;
}

} // namespace

TEST_CASE_METHOD(
  fixture, "A question waits under its ticket until it is claimed") {
  say(query);
  REQUIRE(hears(1));
  CHECK(asked[0].name == "web.test");
  CHECK(asked[0].guest.port == guest.local_endpoint().port());
  CHECK_FALSE(asked[0].over_tcp);
  auto claimed = claim(asked[0]);
  REQUIRE(claimed);
  CHECK_FALSE(claim(asked[0]));
  claimed->answer(address("10.0.0.7"));
  CHECK(net::answers(query, hear()));
}

TEST_CASE_METHOD(fixture, "Who watches later hears of those that wait") {
  say(query);
  REQUIRE(hears(1));
  asked.clear();
  server.watch([this](const dns_question& what) { asked.push_back(what); });
  CHECK(asked.size() == 1);
}

TEST_CASE_METHOD(
  fixture, "A claimed question that is dropped is SERVFAIL, once") {
  say(query);
  REQUIRE(hears(1));
  claim(asked[0]).reset();
  CHECK(net::code_of(hear()) == dns_code::failure);
  say(query);
  REQUIRE(hears(2));
  claim(asked[1])->answer(address("10.0.0.7"));
  CHECK(net::code_of(hear()) == dns_code::no_error);
}

TEST_CASE_METHOD(
  fixture, "A forwarded answer comes back byte for byte but the id") {
  upstreams_answer = long_reply_to(query, 300);
  say(query);
  REQUIRE(hears(1));
  auto claimed = claim(asked[0]);
  claimed->forward({});
  CHECK(hear() == long_reply_to(query, 300));
  REQUIRE(events.size() == 1);
  CHECK(events[0].why == ec::ok);
}

TEST_CASE_METHOD(fixture, "By UDP an answer is as long as the asker takes") {
  upstreams_answer = long_reply_to(query, 1000);
  say(query);
  REQUIRE(hears(1));
  auto claimed = claim(asked[0]);
  claimed->forward({});
  auto got = hear();
  CHECK(net::is_truncated(got));
  CHECK(got.size() <= 512);
  say(with_edns(query, 1232));
  REQUIRE(hears(2));
  claimed = claim(asked[1]);
  claimed->forward({});
  CHECK(hear().size() == 1000);
}

TEST_CASE_METHOD(
  fixture, "What is no question is answered so, and never announced") {
  auto spoilt = query;
  spoilt[5] = 2;
  say(spoilt);
  CHECK(net::code_of(hear()) == dns_code::malformed);
  auto update = query;
  update[2] = 5 << 3;
  say(update);
  CHECK(net::code_of(hear()) == dns_code::not_implemented);
  CHECK(asked.empty());
}

TEST_CASE_METHOD(fixture, "A reply and a scrap are never answered") {
  say(reply_to(query));
  say({1, 2, 3});
  say({});
  say(query);
  REQUIRE(hears(1));
  claim(asked[0])->answer(address("10.0.0.7"));
  CHECK(net::code_of(hear()) == dns_code::no_error);
  boost::system::error_code why;
  net::dns_bytes more(512);
  guest.receive(boost::asio::buffer(more), 0, why);
  CHECK(why == boost::asio::error::would_block);
}

TEST_CASE_METHOD(
  fixture, "By TCP several questions are answered in any order") {
  auto line = call();
  auto other = ask("db.test", type_a, 7);
  auto both = framed(query);
  auto second = framed(other);
  both.insert(both.end(), second.begin(), second.end());
  // In two pieces, cut within the first.
  boost::asio::write(line, boost::asio::buffer(both.data(), 9));
  CHECK(asked.empty());
  boost::asio::write(
    line, boost::asio::buffer(both.data() + 9, both.size() - 9));
  REQUIRE(hears(2));
  CHECK(asked[0].over_tcp);
  claim(asked[1])->answer(address("10.0.0.8"));
  claim(asked[0])->answer(address("10.0.0.7"));
  auto got = hear(line, 2);
  REQUIRE(got.size() == 2);
  CHECK(net::answers(other, got[0]));
  CHECK(net::answers(query, got[1]));
}

TEST_CASE_METHOD(fixture, "By TCP an answer is never truncated") {
  upstreams_answer = long_reply_to(query, 40000);
  auto line = call();
  boost::asio::write(line, boost::asio::buffer(framed(query)));
  REQUIRE(hears(1));
  auto claimed = claim(asked[0]);
  claimed->forward({});
  auto got = hear(line, 1);
  REQUIRE(got.size() == 1);
  CHECK(got[0].size() == 40000);
}

TEST_CASE_METHOD(
  fixture, "A TCP guest that asks and never reads is hung up on") {
  // Questions that are answered at once, and cost their asker as much.
  auto spoilt = query;
  spoilt[5] = 2;
  net::dns_bytes flood;
  for (int i = 0; i < 2000; ++i) {
    auto one = framed(spoilt);
    flood.insert(flood.end(), one.begin(), one.end());
  }
  auto line = call();
  size_t at = 0;
  auto hung_up = until([&] {
    boost::system::error_code why;
    at = (at
          + line.write_some(
            boost::asio::buffer(flood.data() + at, flood.size() - at), why))
      % flood.size();
    return why && why != boost::asio::error::would_block;
  });
  CHECK(hung_up);
}

TEST_CASE_METHOD(fixture, "At most 256 TCP guests are served at a time") {
  std::vector<tcp::socket> lines;
  for (int i = 0; i < 256; ++i) {
    lines.push_back(call());
    boost::asio::write(lines.back(), boost::asio::buffer(framed(query)));
    REQUIRE(hears(lines.size()));
  }
  auto late = call();
  CHECK(until([&] {
    boost::system::error_code why;
    net::dns_bytes more(16);
    late.read_some(boost::asio::buffer(more), why);
    return why && why != boost::asio::error::would_block;
  }));
  lines.clear();
  for (const auto& each : asked)
    claim(each);
  auto next = asked.size() + 1;
  // The server hears of those that hung up in its own time.
  CHECK(until([&] {
    auto line = call();
    boost::system::error_code why;
    boost::asio::write(line, boost::asio::buffer(framed(query)), why);
    io.poll();
    return asked.size() >= next;
  }));
}
