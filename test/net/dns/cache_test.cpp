#include "net/dns/cache.hpp"
#include "test/net/dns/message.hpp"
#include "test/net/dns/reply.hpp"
#include "test/support/show.hpp"

using namespace pier;
using namespace pier::trials;
using namespace std::chrono_literals;

namespace {

const net::dns_cache::time_point start{1h};
const std::vector<endpoint> servers{{*ip_address::parse("10.0.0.53"), 53}};

struct fixture {
  /// The server says so, and it is kept.
  void hear(
    const net::dns_bytes& query, const net::dns_bytes& reply,
    net::dns_cache::time_point when = start) {
    cache.keep(*net::cache_key(query, servers), reply, when);
  }

  std::optional<net::dns_bytes>
  told(const net::dns_bytes& query, net::dns_cache::time_point when = start) {
    return cache.find(*net::cache_key(query, servers), query, when);
  }

  void limit(const dns_cache_limits& limits) {
    cache = net::dns_cache{limits};
  }

  net::dns_cache cache;
};

const auto query = ask("web.test");
const auto answer = reply{query}.address("10.0.0.7", 300).bytes();

dns_cache_limits limits(
  size_t entries, std::chrono::seconds longest, std::chrono::seconds negative,
  std::chrono::seconds stale = 0s) {
  return {entries, longest, negative, stale};
}

} // namespace

TEST_CASE_METHOD(
  fixture, "An answer is told again byte for byte, under the asker's id") {
  hear(query, answer);
  auto again = query;
  net::set_id(again, 0x1234);
  auto expected = answer;
  net::set_id(expected, 0x1234);
  CHECK(told(again) == expected);
}

TEST_CASE_METHOD(fixture, "An asker finds the question as he has spelled it") {
  hear(query, answer);
  auto loud = ask("WEB.test");
  CHECK(told(loud) == reply{loud}.address("10.0.0.7", 300).bytes());
}

TEST_CASE_METHOD(fixture, "TTLs are counted down, and then it is over") {
  hear(query, answer);
  CHECK(
    told(query, start + 100s) == reply{query}.address("10.0.0.7", 200).bytes());
  CHECK(
    told(query, start + 299s) == reply{query}.address("10.0.0.7", 1).bytes());
  CHECK_FALSE(told(query, start + 300s));
}

TEST_CASE_METHOD(fixture, "The shortest TTL of all records is that of all") {
  auto two = reply{query}.address("10.0.0.7", 300).address("10.0.0.8", 20);
  hear(query, two.bytes());
  CHECK(
    told(query, start + 19s)
    == reply{query}.address("10.0.0.7", 281).address("10.0.0.8", 1).bytes());
  CHECK_FALSE(told(query, start + 20s));
}

TEST_CASE_METHOD(fixture, "No answer lives longer than the settings say") {
  limit(limits(10, 60s, 60s));
  hear(query, answer);
  CHECK(
    told(query, start + 10s) == reply{query}.address("10.0.0.7", 50).bytes());
  CHECK_FALSE(told(query, start + 60s));
}

TEST_CASE_METHOD(
  fixture, "What is not there is known as long as its SOA says") {
  auto code = GENERATE(net::dns_code::no_such_name, net::dns_code::no_error);
  hear(query, reply{query, code}.start_of_authority(40, 30).bytes());
  CHECK(told(query, start + 29s));
  CHECK_FALSE(told(query, start + 30s));
  hear(query, reply{query, code}.start_of_authority(20, 30).bytes());
  CHECK_FALSE(told(query, start + 20s));
}

TEST_CASE_METHOD(fixture, "Without a SOA nobody knows how long that is true") {
  auto code = GENERATE(net::dns_code::no_such_name, net::dns_code::no_error);
  hear(query, reply{query, code}.bytes());
  CHECK_FALSE(told(query));
}

TEST_CASE_METHOD(
  fixture, "An alias that leads to nothing is known by its SOA") {
  auto told_so = reply{query}.alias("other.test", 300);
  hear(query, told_so.bytes());
  CHECK_FALSE(told(query));
  hear(query, told_so.start_of_authority(40, 30).bytes());
  CHECK(told(query, start + 29s));
  CHECK_FALSE(told(query, start + 30s));
}

TEST_CASE_METHOD(fixture, "What is not certain is not kept") {
  const std::vector<net::dns_bytes> table{
    reply{query, net::dns_code::failure}.address("10.0.0.7", 300).bytes(),
    reply{query, net::dns_code::refused}.address("10.0.0.7", 300).bytes(),
    truncated(answer),
    reply{query}.address("10.0.0.7", 0).bytes(),
    reply{query}.address("10.0.0.7", 0x80000001).bytes(),
    long_reply_to(query, 100),
    net::dns_bytes(12, 0),
    net::dns_bytes(answer.begin(), answer.end() - 1)};
  for (const auto& bad : table) {
    hear(query, bad);
    CHECK_FALSE(told(query));
  }
}

TEST_CASE_METHOD(
  fixture, "Zero is off: for all, for what is, for what is not") {
  auto no = reply{query, net::dns_code::no_such_name}.start_of_authority(9, 9);
  limit(limits(0, 1h, 1h));
  hear(query, answer);
  CHECK_FALSE(told(query));
  limit(limits(9, 0s, 1h));
  hear(query, answer);
  CHECK_FALSE(told(query));
  hear(query, no.bytes());
  CHECK(told(query));
  limit(limits(9, 1h, 0s));
  hear(query, no.bytes());
  CHECK_FALSE(told(query));
}

TEST_CASE_METHOD(
  fixture, "The answer that was used least recently makes room") {
  limit(limits(2, 1h, 1h));
  auto hear_of = [&](const char* name) {
    hear(ask(name), reply{ask(name)}.address("10.0.0.1", 60).bytes());
  };
  hear_of("a");
  hear_of("b");
  CHECK(told(ask("a")));
  hear_of("c");
  CHECK_FALSE(told(ask("b")));
  CHECK(told(ask("a")));
  CHECK(told(ask("c")));
  CHECK(cache.count().entries == 2);
}

TEST_CASE_METHOD(fixture, "A new answer takes the place of the old one") {
  hear(query, answer);
  auto next = reply{query}.address("10.0.0.9", 60).bytes();
  hear(query, next);
  CHECK(told(query) == next);
  CHECK(cache.count().entries == 1);
}

TEST_CASE_METHOD(fixture, "What changes an answer tells questions apart") {
  auto dnssec = with_edns(query, 1232);
  dnssec[dnssec.size() - 4] = 0x80;
  auto unchecked = query;
  unchecked[3] |= 0x10;
  auto unrecursive = query;
  unrecursive[2] &= 0xfe;
  auto other = GENERATE_COPY(
    ask("web.test", type_aaaa), ask("ww.test"), with_edns(query, 1232), dnssec,
    unchecked, unrecursive);
  hear(query, answer);
  CHECK_FALSE(told(other));
}

TEST_CASE_METHOD(fixture, "An answer is good only for those who gave it") {
  hear(query, answer);
  std::vector<endpoint> others{{*ip_address::parse("10.0.0.54"), 53}};
  CHECK_FALSE(cache.find(*net::cache_key(query, others), query, start));
}

TEST_CASE("A question that says more about its asker is nobody else's") {
  auto with_option = [](uint8_t code) {
    auto out = with_edns(query, 1232);
    out.back() = 6;
    const net::dns_bytes option{0, code, 0, 2, 7, 7};
    out.insert(out.end(), option.begin(), option.end());
    return out;
  };
  CHECK(net::cache_key(with_option(10), servers));      // a cookie
  CHECK_FALSE(net::cache_key(with_option(8), servers)); // a subnet
  CHECK_FALSE(net::cache_key(ask("web.test", type_any), servers));
  CHECK_FALSE(net::cache_key(long_reply_to(query, 100), servers));
}

TEST_CASE_METHOD(fixture, "EDNS options are told to nobody else") {
  auto asked = with_edns(query, 1232);
  auto plain = reply{asked}.address("10.0.0.7", 300).edns({});
  hear(
    asked,
    reply{asked}.address("10.0.0.7", 300).edns({0, 10, 0, 1, 9}).bytes());
  CHECK(told(asked) == plain.bytes());
}

TEST_CASE_METHOD(
  fixture, "A stale answer is told only when asked for, and for 30 seconds") {
  limit(limits(9, 1h, 1h, 100s));
  hear(query, answer);
  auto key = *net::cache_key(query, servers);
  CHECK_FALSE(told(query, start + 310s));
  CHECK(
    cache.find_stale(key, query, start + 310s)
    == reply{query}.address("10.0.0.7", 30).bytes());
  CHECK_FALSE(cache.find_stale(key, query, start + 400s));
}

TEST_CASE_METHOD(fixture, "A cache that was cleared knows nothing") {
  hear(query, answer);
  cache.clear();
  CHECK_FALSE(told(query));
  CHECK(cache.count().entries == 0);
}
