#include "net/dns/cache.hpp"

#include "net/dns/anatomy.hpp"

#include <algorithm>

namespace pier::net {

namespace {

using std::chrono::seconds;

constexpr size_t most_bytes = 4096;
/// RFC 8767, 4: what is told of a stale answer.
constexpr seconds stale_ttl{30};

seconds ttl_at(const dns_bytes& bytes, size_t at) {
  return seconds{
    uint32_t{bytes[at]} << 24 | uint32_t{bytes[at + 1]} << 16
    | uint32_t{bytes[at + 2]} << 8 | bytes[at + 3]};
}

void set_ttl(dns_bytes& bytes, size_t at, seconds ttl) {
  auto number = static_cast<uint32_t>(ttl.count());
  for (size_t i = 4; i > 0; --i, number >>= 8)
    bytes[at + i - 1] = static_cast<uint8_t>(number & 0xff);
}

/// How long a reply may be told again; zero: not at all.
seconds life_of(
  dns_view reply, const reply_anatomy& parts, const dns_cache_limits& limits) {
  auto code = code_of(reply);
  if (
    is_truncated(reply)
    || (code != dns_code::no_error && code != dns_code::no_such_name))
    return seconds{0};
  if (code == dns_code::no_error && parts.answered)
    return std::min(seconds{parts.shortest}, limits.longest);
  // That a name is not there is known only by a SOA record.
  if (!parts.negative)
    return seconds{0};
  auto least = std::min(*parts.negative, parts.shortest);
  return std::min(seconds{least}, limits.negative);
}

} // namespace

std::optional<std::string>
cache_key(dns_view query, std::span<const endpoint> servers) {
  auto key = question_key(query);
  if (!key)
    return std::nullopt;
  for (const auto& each : servers) {
    auto size = each.ip.is_v4() ? size_t{4} : size_t{16};
    key->append(
      each.ip.bytes().begin(),
      each.ip.bytes().begin() + static_cast<std::ptrdiff_t>(size));
    *key += static_cast<char>(each.port >> 8);
    *key += static_cast<char>(each.port & 0xff);
    *key += static_cast<char>(size);
  }
  return key;
}

dns_cache::dns_cache(const dns_cache_limits& limits) : limits_(limits) {}

void dns_cache::clear() {
  by_key_.clear();
  entries_.clear();
}

dns_cache::entry* dns_cache::look_up(const std::string& key) {
  auto found = by_key_.find(key);
  if (found == by_key_.end())
    return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return &entries_.front();
}

dns_bytes
dns_cache::tell(const entry& what, dns_view query, time_point now) const {
  auto out = what.bytes;
  set_id(out, id_of(query));
  // Where things stand is found again: most answers are told once, and what is
  // not remembered of them costs nothing.
  auto parts = dissect(out);
  if (!parts)
    return out;
  // The asker's own spelling; the key says that it is as long.
  std::copy_n(query.begin() + 12, parts->question_end - 12, out.begin() + 12);
  auto age = std::chrono::floor<seconds>(now - what.since);
  auto is_stale = age >= what.life;
  for (auto at : parts->ttls)
    set_ttl(
      out, at,
      is_stale ? stale_ttl : std::max(ttl_at(out, at) - age, seconds{0}));
  return out;
}

std::optional<dns_bytes>
dns_cache::find(const std::string& key, dns_view query, time_point now) {
  auto* found = look_up(key);
  if (found == nullptr || now - found->since >= found->life) {
    ++misses_;
    return std::nullopt;
  }
  ++hits_;
  return tell(*found, query, now);
}

std::optional<dns_bytes>
dns_cache::find_stale(const std::string& key, dns_view query, time_point now) {
  auto* found = look_up(key);
  if (found == nullptr || now - found->since >= found->life + limits_.stale)
    return std::nullopt;
  return tell(*found, query, now);
}

void dns_cache::keep(const std::string& key, dns_view reply, time_point now) {
  if (!is_on() || reply.size() > most_bytes)
    return;
  auto parts = dissect(reply);
  if (!parts)
    return;
  auto life = life_of(reply, *parts, limits_);
  if (life <= seconds{0})
    return;
  entry made;
  made.key = key;
  made.bytes.assign(reply.begin(), reply.end());
  if (parts->opt_end) {
    made.bytes.resize(*parts->opt_end);
    made.bytes[*parts->opt_end - 2] = made.bytes[*parts->opt_end - 1] = 0;
  }
  made.since = now;
  made.life = life;
  auto most = parts->answered ? limits_.longest : limits_.negative;
  for (auto at : parts->ttls)
    set_ttl(made.bytes, at, std::min(ttl_at(made.bytes, at), most));
  if (auto* old = look_up(key)) {
    by_key_.erase(old->key);
    entries_.pop_front();
  }
  entries_.push_front(std::move(made));
  by_key_.emplace(entries_.front().key, entries_.begin());
  if (entries_.size() > limits_.entries) {
    by_key_.erase(entries_.back().key);
    entries_.pop_back();
  }
}

dns_cache_counts dns_cache::count() const noexcept {
  return {entries_.size(), hits_, misses_};
}

} // namespace pier::net
