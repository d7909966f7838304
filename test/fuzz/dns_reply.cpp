/// What an upstream says: the first byte is the length of our question, which
/// comes next; the rest is the reply.

#include "net/dns/anatomy.hpp"
#include "net/dns/cache.hpp"
#include "test/fuzz/target.hpp"

#include <algorithm>

using namespace pier;
using fuzz::must;

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0)
    return 0;
  net::dns_view rest{data + 1, size - 1};
  auto cut = std::min<size_t>(data[0], rest.size());
  auto query = rest.first(cut);
  auto reply = rest.subspan(cut);
  auto taken = net::answers(query, reply);
  must(!taken || (reply[2] & 0x80) != 0, "only a reply is an answer");
  auto short_one = net::truncate(reply);
  must(short_one.size() <= 512, "what is truncated fits everywhere");
  must(
    short_one.empty() || net::is_truncated(short_one),
    "what is truncated says so");
  net::dns_bytes mine(reply.begin(), reply.end());
  net::set_id(mine, net::id_of(query));
  must(
    mine.size() < 2 || net::id_of(mine) == net::id_of(query),
    "a reply takes the asker's id");
  must(net::code_of(mine) == net::code_of(reply), "the id changes no code");
  if (auto key = net::cache_key(query, {}); key && taken) {
    const net::dns_cache::time_point now{std::chrono::hours{1}};
    net::dns_cache cache;
    cache.keep(*key, reply, now);
    if (auto told = cache.find(*key, query, now + std::chrono::seconds{1})) {
      must(net::answers(query, *told), "what is kept answers the question");
      must(told->size() <= reply.size(), "nothing is added to it");
      must(net::dissect(*told).has_value(), "what is kept is understood");
    }
  }
  return 0;
}
