#include "net/dns/anatomy.hpp"
#include "net/dns/own_answer.hpp"
#include "test/net/dns/message.hpp"
#include "test/support/show.hpp"

using namespace pier;
using namespace pier::trials;
using net::dns_code;

namespace {

dns_answer records(std::vector<ip_address> addresses) {
  dns_answer out;
  out.what = dns_answer::kind::records;
  out.addresses = std::move(addresses);
  return out;
}

std::string labels(size_t count, size_t size) {
  std::string out;
  for (size_t i = 0; i < count; ++i)
    out += (i == 0 ? "" : ".") + std::string(size, 'x');
  return out;
}

} // namespace

TEST_CASE("A question is read with its name in lower case") {
  auto got = net::read_question(ask("Web.Docker.INTERNAL", type_aaaa));
  REQUIRE(got);
  CHECK(got->name == "web.docker.internal");
  CHECK(got->type == type_aaaa);
  CHECK(got->klass == 1);
  CHECK(net::read_question(ask(""))->name.empty());
}

TEST_CASE("What is no ordinary question is refused by its kind") {
  auto query = ask("web");
  CHECK(net::read_question({}).error().code == ec::bad_request);
  CHECK(
    net::read_question(net::dns_view{query}.first(query.size() - 1))
      .error()
      .code
    == ec::bad_request);
  CHECK(net::read_question(reply_to(query)).error().code == ec::bad_request);
  auto update = query;
  update[2] = 5 << 3;
  CHECK(net::read_question(update).error().code == ec::not_supported);
  for (auto count : {0, 2}) {
    auto other = query;
    other[5] = static_cast<uint8_t>(count);
    CHECK_FALSE(net::read_question(other));
  }
  auto pointing = query;
  pointing[12] = 0xc0;
  CHECK_FALSE(net::read_question(pointing));
}

TEST_CASE("A name has at most 255 bytes, their lengths counted") {
  // 3 labels of 64 bytes each, one of 62, and the end.
  CHECK(net::read_question(ask(labels(3, 63) + "." + labels(1, 61))));
  CHECK_FALSE(net::read_question(ask(labels(3, 63) + "." + labels(1, 62))));
}

TEST_CASE("A reply answers only the question that was asked") {
  auto query = ask("web.test");
  CHECK(net::answers(query, reply_to(query)));
  CHECK(net::answers(query, reply_to(ask("WEB.test"))));
  CHECK_FALSE(net::answers(query, query));
  CHECK_FALSE(net::answers(query, reply_to(ask("wob.test"))));
  CHECK_FALSE(net::answers(query, reply_to(ask("web.test", type_mx))));
  CHECK_FALSE(net::answers(query, {}));
}

TEST_CASE("A reply without a question counts only as a failure") {
  auto query = ask("web.test");
  auto bare = reply_to(query, dns_code::malformed);
  bare.resize(12);
  bare[5] = 0;
  CHECK(net::answers(query, bare));
  bare[3] = 0x80;
  CHECK_FALSE(net::answers(query, bare));
}

TEST_CASE("The asker's size is 512 unless EDNS names a larger one") {
  CHECK(net::udp_size(ask("a")) == 512);
  CHECK(net::udp_size(with_edns(ask("a"), 1232)) == 1232);
  CHECK(net::udp_size(with_edns(ask("a"), 100)) == 512);
  CHECK(net::udp_size(with_edns(ask("a"), 65535)) == 65507);
  CHECK(net::udp_size({}) == 512);
}

TEST_CASE("An answer of ours has the asker's id, question and records") {
  auto query = ask("Web.test");
  auto made = net::make_answer(
    query, records({*ip_address::parse("10.0.0.7")}));
  CHECK(net::id_of(made) == net::id_of(query));
  CHECK(net::answers(query, made));
  CHECK(net::code_of(made) == dns_code::no_error);
  CHECK(
    lines_of(made) == std::vector<std::string>{"Web.test. 0 IN A 10.0.0.7"});
  made = net::make_answer(
    ask("web", type_aaaa), records({*ip_address::parse("fd00::7")}));
  CHECK(lines_of(made) == std::vector<std::string>{"web. 0 IN AAAA fd00::7"});
}

TEST_CASE("No such name and no data are told apart") {
  auto query = ask("web.test", type_mx);
  CHECK(
    net::code_of(net::make_answer(query, dns_answer{}))
    == dns_code::no_such_name);
  dns_answer nothing;
  nothing.what = dns_answer::kind::no_data;
  CHECK(net::code_of(net::make_answer(query, nothing)) == dns_code::no_error);
  CHECK(lines_of(net::make_answer(query, nothing)).empty());
}

TEST_CASE("A pointer that is no domain name leaves the answer without it") {
  dns_answer what;
  what.what = dns_answer::kind::records;
  auto query = ask("7.0.0.10.in-addr.arpa", type_ptr);
  what.pointer = "web.docker.internal";
  CHECK(
    lines_of(net::make_answer(query, what))
    == std::vector<std::string>{
      "7.0.0.10.in-addr.arpa. 0 IN PTR web.docker.internal."});
  for (auto name : {"a..b", "a..docker.internal", "."}) {
    what.pointer = name;
    auto made = net::make_answer(query, what);
    CHECK(net::code_of(made) == dns_code::no_error);
    CHECK(net::answers(query, made));
  }
  what.pointer = std::string(64, 'x');
  CHECK(lines_of(net::make_answer(query, what)).empty());
}

TEST_CASE("A failure repeats the question, where there was one") {
  auto query = with_edns(ask("web.test"), 1232);
  auto made = net::make_failure(query, dns_code::failure);
  CHECK(net::answers(query, made));
  CHECK(net::code_of(made) == dns_code::failure);
  CHECK(made.size() == *net::question_end(query));
  CHECK(net::make_failure({}, dns_code::failure).empty());
}

TEST_CASE("A truncated reply keeps its code and its question, and says so") {
  auto query = ask("web.test");
  auto reply = long_reply_to(query, 2000);
  reply[7] = 9;
  auto made = net::truncate(reply);
  CHECK(net::is_truncated(made));
  CHECK_FALSE(net::is_truncated(reply));
  CHECK(net::answers(query, made));
  CHECK(made.size() == query.size());
  CHECK(lines_of(made).empty());
  CHECK(
    net::code_of(net::truncate(reply_to(query, dns_code::no_such_name)))
    == dns_code::no_such_name);
}
