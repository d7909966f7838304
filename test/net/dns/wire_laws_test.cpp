/// Whatever the bytes: both guests and upstreams are hostile.

#include "net/dns/anatomy.hpp"
#include "net/dns/own_answer.hpp"
#include "test/net/dns/message.hpp"
#include "test/net/dns/reply.hpp"

#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include <algorithm>

using namespace pier;
using namespace pier::trials;
using net::dns_bytes;
using net::dns_code;

namespace {

/// A header and the longest question.
constexpr size_t most_failure = 12 + 255 + 4;

rc::Gen<dns_bytes> rubbish() {
  return rc::gen::arbitrary<dns_bytes>();
}

/// A good question of which some bytes are spoilt, and that ends too early.
rc::Gen<dns_bytes> nearly_good() {
  return rc::gen::exec([] {
    auto label = rc::gen::nonEmpty(
      rc::gen::container<std::string>(rc::gen::inRange('a', 'z')));
    auto name = *label + "." + *label;
    auto out = with_edns(
      ask(name.substr(0, 60), *rc::gen::arbitrary<uint16_t>()),
      *rc::gen::arbitrary<uint16_t>());
    auto spoilt = *rc::gen::inRange(0, 4);
    for (int i = 0; i < spoilt; ++i)
      out[*rc::gen::inRange(size_t{0}, out.size())] = *rc::gen::arbitrary<
        uint8_t>();
    out.resize(*rc::gen::inRange(size_t{0}, out.size() + 1));
    return out;
  });
}

template <class Law>
void always(Law law) {
  CHECK(rc::check([=] { law(*rubbish()); }));
  CHECK(rc::check([=] { law(*nearly_good()); }));
}

} // namespace

TEST_CASE("No bytes but a whole question are read as one") {
  always([](const dns_bytes& bytes) {
    auto got = net::read_question(bytes);
    auto end = net::question_end(bytes);
    if (got) {
      RC_ASSERT(end.has_value());
      RC_ASSERT(got->name.size() <= 253U);
      auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
      RC_ASSERT(std::none_of(got->name.begin(), got->name.end(), upper));
    }
    if (end)
      RC_ASSERT(*end <= bytes.size() && *end <= most_failure);
  });
}

TEST_CASE("The asker's size lies between 512 and a datagram's") {
  always([](const dns_bytes& bytes) {
    auto size = net::udp_size(bytes);
    RC_ASSERT(size >= 512U && size <= 65507U);
  });
}

TEST_CASE("A failure fits everywhere, is a reply, and bears the same id") {
  always([](const dns_bytes& bytes) {
    auto made = net::make_failure(bytes, dns_code::refused);
    RC_ASSERT(made.empty() == (bytes.size() < 12));
    if (made.empty())
      return;
    RC_ASSERT(made.size() <= std::min(bytes.size(), most_failure));
    RC_ASSERT(net::id_of(made) == net::id_of(bytes));
    RC_ASSERT(net::code_of(made) == dns_code::refused);
    RC_ASSERT((made[2] & 0x80) != 0);
    RC_ASSERT(!net::read_question(made));
  });
}

TEST_CASE("What is truncated says so and fits into 512 bytes") {
  always([](const dns_bytes& bytes) {
    auto made = net::truncate(bytes);
    RC_ASSERT(made.size() <= most_failure);
    RC_ASSERT(made.empty() || net::is_truncated(made));
    RC_ASSERT(made.empty() || net::code_of(made) == net::code_of(bytes));
  });
}

TEST_CASE("Every question can be answered, and the answer is to it") {
  dns_answer what;
  what.what = dns_answer::kind::records;
  what.addresses = {
    ip_address::loopback(family::v4), ip_address::loopback(family::v6)};
  always([=](const dns_bytes& bytes) {
    auto made = net::make_answer(bytes, what);
    RC_ASSERT(made.size() <= 512U);
    if (net::read_question(bytes))
      RC_ASSERT(net::answers(bytes, made));
  });
}

TEST_CASE("A spoilt reply is taken apart within its bounds, or not at all") {
  CHECK(rc::check([] {
    auto query = with_edns(ask("web.test"), 1232);
    auto bytes = reply{query}
                   .alias("other.test", 60)
                   .address("10.0.0.7", 60)
                   .start_of_authority(60, 60)
                   .edns({0, 10, 0, 1, 9})
                   .bytes();
    for (auto spoilt = *rc::gen::inRange(0, 4); spoilt > 0; --spoilt)
      bytes[*rc::gen::inRange(size_t{12}, bytes.size())] = *rc::gen::arbitrary<
        uint8_t>();
    bytes.resize(*rc::gen::inRange(size_t{0}, bytes.size() + 1));
    if (auto parts = net::dissect(bytes)) {
      RC_ASSERT(parts->question_end <= bytes.size());
      for (auto at : parts->ttls)
        RC_ASSERT(at + 6 <= bytes.size());
      RC_ASSERT(!parts->opt_end || *parts->opt_end <= bytes.size());
    }
    auto told = net::tell_alias(query, {}, bytes);
    RC_ASSERT(net::answers(query, told));
  }));
}
