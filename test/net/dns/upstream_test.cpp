#include "net/dns/upstream.hpp"
#include "test/net/dns/loop.hpp"
#include "test/net/dns/message.hpp"
#include "test/net/dns/name_server.hpp"
#include "test/support/show.hpp"

using namespace pier;
using namespace pier::trials;
using namespace std::chrono_literals;
using net::dns_code;

namespace {

using heard = name_server::heard;
using replies = std::vector<net::dns_bytes>;

/// Long enough for every good server, and no test waits for it in vain.
constexpr auto patience = 8s;
constexpr auto short_deadline = 100ms;

replies silent(const heard&) {
  return {};
}

replies honest(const heard& what) {
  return {reply_to(what.query)};
}

name_server::script failing(dns_code why) {
  return
    [why](const heard& what) -> replies { return {reply_to(what.query, why)}; };
}

net::dns_bytes with_id(net::dns_bytes message, uint16_t id) {
  net::set_id(message, id);
  return message;
}

struct fixture : loop {
  name_server& server(name_server::script says) {
    servers.push_back(std::make_unique<name_server>(io, std::move(says)));
    return *servers.back();
  }

  net::upstream resolvers(std::chrono::milliseconds deadline = patience) {
    return {
      io,
      [this] {
        std::vector<endpoint> out;
        for (const auto& each : servers)
          out.push_back(each->at());
        return out;
      },
      deadline};
  }

  result<net::dns_bytes>
  get(net::upstream& from, const net::dns_bytes& query, bool over_tcp = false) {
    std::optional<result<net::dns_bytes>> got;
    auto asked = from.send(
      from.servers(), query, over_tcp,
      [&](result<net::dns_bytes> answer) { got = std::move(answer); });
    REQUIRE(until([&] { return got.has_value(); }));
    return *got;
  }

  std::vector<std::unique_ptr<name_server>> servers;
};

const auto query = ask("web.test");

} // namespace

TEST_CASE_METHOD(fixture, "The answer bears the id of the question") {
  auto& server = this->server(honest);
  auto from = resolvers();
  auto got = get(from, query);
  REQUIRE(got);
  CHECK(*got == reply_to(query));
  REQUIRE(server.questions.size() == 1);
  CHECK_FALSE(server.questions[0].tcp);
}

TEST_CASE_METHOD(
  fixture, "Each question leaves with an id and a port of its own") {
  auto& server = this->server(honest);
  auto from = resolvers();
  std::vector<uint16_t> ports;
  bool changed = false;
  for (int i = 0; i < 8; ++i) {
    REQUIRE(get(from, query));
    ports.push_back(server.asker.port());
    changed = changed
      || net::id_of(server.questions.back().query)
        != net::id_of(server.questions.front().query);
  }
  CHECK(changed);
  CHECK(std::count(ports.begin(), ports.end(), ports[0]) < 8);
}

TEST_CASE_METHOD(fixture, "A reply with another id is passed over") {
  auto over_tcp = GENERATE(false, true);
  server([](const heard& what) -> replies {
    auto id = static_cast<uint16_t>(net::id_of(what.query) + 1);
    return {
      with_id(reply_to(what.query, dns_code::no_such_name), id),
      reply_to(what.query)};
  });
  auto from = resolvers();
  auto got = get(from, query, over_tcp);
  REQUIRE(got);
  CHECK(net::code_of(*got) == dns_code::no_error);
}

TEST_CASE_METHOD(fixture, "A reply to another question is passed over") {
  auto over_tcp = GENERATE(false, true);
  server([](const heard& what) -> replies {
    auto other = reply_to(ask("other.test"));
    return {with_id(other, net::id_of(what.query)), reply_to(what.query)};
  });
  auto from = resolvers();
  auto got = get(from, query, over_tcp);
  REQUIRE(got);
  CHECK(net::answers(query, *got));
}

TEST_CASE_METHOD(fixture, "A reply from another address is not even read") {
  boost::asio::ip::udp::socket stranger{
    io, {boost::asio::ip::address_v4::loopback(), 0}};
  name_server* asked = nullptr;
  asked = &server([&](const heard& what) -> replies {
    auto forged = reply_to(what.query, dns_code::no_such_name);
    stranger.send_to(boost::asio::buffer(forged), asked->asker);
    return {reply_to(what.query)};
  });
  auto from = resolvers();
  auto got = get(from, query);
  REQUIRE(got);
  CHECK(net::code_of(*got) == dns_code::no_error);
}

TEST_CASE_METHOD(fixture, "A truncated reply is asked for again over TCP") {
  auto& server = this->server([](const heard& what) -> replies {
    return {
      what.tcp ? long_reply_to(what.query, 3000)
               : truncated(reply_to(what.query))};
  });
  auto from = resolvers();
  auto got = get(from, query);
  REQUIRE(got);
  CHECK(got->size() == 3000);
  CHECK(net::id_of(*got) == net::id_of(query));
  CHECK(server.questions.size() == 2);
}

TEST_CASE_METHOD(
  fixture, "A truncated reply is better than none after the deadline") {
  server([](const heard& what) -> replies {
    if (what.tcp)
      return {};
    return {truncated(reply_to(what.query))};
  });
  auto from = resolvers(short_deadline);
  auto got = get(from, query);
  REQUIRE(got);
  CHECK(net::is_truncated(*got));
}

TEST_CASE_METHOD(fixture, "A question over TCP is asked over TCP only") {
  auto& server = this->server(honest);
  auto from = resolvers();
  REQUIRE(get(from, query, true));
  REQUIRE(server.questions.size() == 1);
  CHECK(server.questions[0].tcp);
}

TEST_CASE_METHOD(
  fixture, "A silent server is overtaken, and the winner is first next time") {
  auto& first = server(silent);
  auto& second = server(honest);
  auto from = resolvers();
  REQUIRE(get(from, query));
  CHECK(first.questions.size() == 1);
  REQUIRE(get(from, query));
  CHECK(first.questions.size() == 1);
  CHECK(second.questions.size() == 2);
}

TEST_CASE_METHOD(fixture, "The first answer wins; no other server is asked") {
  server(honest);
  auto& second = server(honest);
  auto from = resolvers();
  REQUIRE(get(from, query));
  CHECK(second.questions.empty());
}

TEST_CASE_METHOD(
  fixture, "SERVFAIL and REFUSED win only when nobody has better") {
  auto why = GENERATE(dns_code::failure, dns_code::refused);
  server(failing(why));
  SECTION("another server knows") {
    server(honest);
    auto from = resolvers();
    auto got = get(from, query);
    REQUIRE(got);
    CHECK(net::code_of(*got) == dns_code::no_error);
  }
  SECTION("another server fails, too") {
    server(failing(why));
    auto from = resolvers();
    auto got = get(from, query);
    REQUIRE(got);
    CHECK(net::code_of(*got) == why);
  }
  SECTION("another server is silent until the deadline") {
    server(silent);
    auto from = resolvers(short_deadline);
    auto got = get(from, query);
    REQUIRE(got);
    CHECK(net::code_of(*got) == why);
  }
}

TEST_CASE_METHOD(fixture, "No such name is an answer like any other") {
  server(failing(dns_code::no_such_name));
  auto& second = server(honest);
  auto from = resolvers();
  CHECK(net::code_of(*get(from, query)) == dns_code::no_such_name);
  CHECK(second.questions.empty());
}

TEST_CASE_METHOD(fixture, "Silence is ec::timed_out after the deadline") {
  server(silent);
  auto from = resolvers(short_deadline);
  auto got = get(from, query);
  REQUIRE_FALSE(got);
  CHECK(got.error().code == ec::timed_out);
}

TEST_CASE_METHOD(fixture, "A server that is not there is passed over at once") {
  std::vector<endpoint> order;
  {
    name_server gone{io, silent};
    order.push_back(gone.at());
  }
  net::upstream nobody{io, [&] { return order; }, patience};
  CHECK(get(nobody, query).error().code == ec::refused);
  CHECK(get(nobody, query, true).error().code == ec::refused);
  order.push_back(server(honest).at());
  net::upstream somebody{io, [&] { return order; }, patience};
  CHECK(get(somebody, query));
}

TEST_CASE_METHOD(
  fixture, "Without servers the question is refused, but later") {
  net::upstream none{io, [] { return std::vector<endpoint>{}; }, patience};
  bool called = false;
  auto asked = none.send(
    none.servers(), query, false,
    [&](const result<net::dns_bytes>&) { called = true; });
  CHECK_FALSE(called);
  CHECK(until([&] { return called; }));
  CHECK(get(none, query).error().code == ec::refused);
}

TEST_CASE_METHOD(fixture, "A question that is forgotten is never answered") {
  auto& server = this->server(honest);
  auto from = resolvers();
  bool called = false;
  auto asked = from.send(
    from.servers(), query, false,
    [&](const result<net::dns_bytes>&) { called = true; });
  REQUIRE(until([&] { return !server.questions.empty(); }));
  asked.reset();
  REQUIRE(get(from, query));
  CHECK_FALSE(called);
}
