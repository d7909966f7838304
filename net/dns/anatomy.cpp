#include "net/dns/anatomy.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace pier::net {

namespace {

constexpr size_t header_size = 12;
constexpr size_t longest_name = 255;
constexpr size_t most_addresses = 64;
constexpr size_t few_records = 8; // as most answers have
constexpr size_t plain_udp_size = 512;
// What one IPv4 datagram carries.
constexpr size_t most_udp_size = 65507;
constexpr uint16_t type_a = 1, type_soa = 6, type_aaaa = 28, type_opt = 41;
constexpr uint16_t option_nsid = 3, option_cookie = 10, option_padding = 12;
/// IXFR, AXFR, MAILB, MAILA and ANY ask for more than one thing.
constexpr uint16_t first_meta_type = 251;

uint16_t number_at(dns_view bytes, size_t at) {
  return static_cast<uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

uint32_t long_number_at(dns_view bytes, size_t at) {
  return uint32_t{number_at(bytes, at)} << 16 | number_at(bytes, at + 2);
}

/// RFC 2181, 8: a TTL with its highest bit set is zero.
uint32_t ttl_at(dns_view bytes, size_t at) {
  auto ttl = long_number_at(bytes, at);
  return (ttl & 0x80000000U) != 0 ? 0 : ttl;
}

/// Where the name ends that begins there; it may end in a pointer, which nobody
/// follows.
std::optional<size_t> skip_name(dns_view bytes, size_t at) {
  for (auto start = at; at < bytes.size() && at - start < longest_name;) {
    auto length = bytes[at];
    if (length == 0)
      return at + 1;
    if ((length & 0xc0) == 0xc0)
      return at + 2 <= bytes.size() ? std::optional{at + 2} : std::nullopt;
    if (length > 63)
      return std::nullopt;
    at += 1U + length;
  }
  return std::nullopt;
}

/// One record, from its owner's name to its end.
struct record {
  size_t start = 0;
  uint16_t type = 0;
  uint16_t klass = 0;
  size_t ttl = 0;
  size_t data = 0;
  size_t end = 0;
};

std::optional<record> read_record(dns_view bytes, size_t at) {
  record out;
  out.start = at;
  auto name_end = skip_name(bytes, at);
  if (!name_end || *name_end + 10 > bytes.size())
    return std::nullopt;
  out.type = number_at(bytes, *name_end);
  out.klass = number_at(bytes, *name_end + 2);
  out.ttl = *name_end + 4;
  out.data = *name_end + 10;
  out.end = out.data + number_at(bytes, *name_end + 8);
  if (out.end > bytes.size())
    return std::nullopt;
  return out;
}

bool is_plain(dns_view options) {
  size_t at = 0;
  while (at + 4 <= options.size()) {
    auto code = number_at(options, at);
    if (code != option_nsid && code != option_cookie && code != option_padding)
      return false;
    at += size_t{4} + number_at(options, at + 2);
  }
  return at == options.size();
}

/// The MINIMUM of a SOA record is its last number; before it stand two names
/// and four more.
std::optional<uint32_t> negative_ttl(dns_view bytes, const record& soa) {
  if (soa.end - soa.data < 22)
    return std::nullopt;
  return std::min(ttl_at(bytes, soa.ttl), ttl_at(bytes, soa.end - 4));
}

void take_address(dns_view bytes, const record& from, reply_anatomy& to) {
  if (to.addresses.size() >= most_addresses)
    return;
  auto data = bytes.subspan(from.data, from.end - from.data);
  if (from.type == type_a && data.size() == 4)
    to.addresses.push_back(
      ip_address::v4({data[0], data[1], data[2], data[3]}));
  if (from.type == type_aaaa && data.size() == 16) {
    std::array<uint8_t, 16> raw{};
    std::copy(data.begin(), data.end(), raw.begin());
    to.addresses.push_back(ip_address::v6(raw));
  }
}

bool take_opt(dns_view bytes, const record& opt, reply_anatomy& to) {
  auto is_root = opt.data == opt.start + 11;
  // Its highest byte is the upper part of the code, the next its version.
  if (!is_root || to.opt_end || number_at(bytes, opt.ttl) != 0)
    return false;
  to.opt_end = opt.data;
  return true;
}

} // namespace

std::optional<edns> edns_of(dns_view query) {
  auto end = question_end(query);
  if (!end)
    return std::nullopt;
  auto records = 0U;
  for (size_t section = 6; section <= 10; section += 2)
    records += number_at(query, section);
  auto at = *end;
  for (auto left = records; left > 0; --left) {
    auto next = read_record(query, at);
    if (!next)
      return std::nullopt;
    at = next->end;
    if (next->type != type_opt || next->data != next->start + 11)
      continue;
    edns out;
    out.udp_size = next->klass;
    out.dnssec_ok = (query[next->ttl + 2] & 0x80) != 0;
    out.plain = records == 1 && next->end == query.size()
      && number_at(query, next->ttl) == 0
      && is_plain(query.subspan(next->data, next->end - next->data));
    return out;
  }
  return std::nullopt;
}

size_t udp_size(dns_view query) {
  auto extra = edns_of(query);
  return extra
    ? std::clamp<size_t>(extra->udp_size, plain_udp_size, most_udp_size)
    : plain_udp_size;
}

std::optional<std::string> question_key(dns_view query) {
  auto end = question_end(query);
  if (!end)
    return std::nullopt;
  auto extra = edns_of(query);
  auto whole = extra ? extra->plain : *end == query.size();
  auto type = number_at(query, *end - 4);
  if (
    !whole || (type >= first_meta_type && type <= 255)
    || number_at(query, *end - 2) != 1)
    return std::nullopt;
  std::string out;
  out.reserve(*end - header_size + 2);
  for (auto at = header_size; at < *end - 4; ++at)
    out += static_cast<char>(std::tolower(query[at]));
  for (auto at = *end - 4; at < *end; ++at)
    out += static_cast<char>(query[at]);
  out += static_cast<char>(query[2] & 0x01);
  out += static_cast<char>(
    (query[3] & 0x30) | (extra ? 1 : 0) | (extra && extra->dnssec_ok ? 2 : 0));
  return out;
}

std::optional<reply_anatomy> dissect(dns_view reply) {
  auto end = question_end(reply);
  if (!end)
    return std::nullopt;
  reply_anatomy out;
  out.question_end = *end;
  out.shortest = UINT32_MAX;
  out.ttls.reserve(few_records);
  auto type = number_at(reply, *end - 4);
  auto at = *end;
  for (size_t section = 6; section <= 10; section += 2)
    for (auto left = number_at(reply, section); left > 0; --left) {
      auto next = read_record(reply, at);
      if (!next || out.opt_end)
        return std::nullopt;
      at = next->end;
      if (next->type == type_opt) {
        if (section != 10 || !take_opt(reply, *next, out))
          return std::nullopt;
        continue;
      }
      out.ttls.push_back(next->ttl);
      out.shortest = std::min(out.shortest, ttl_at(reply, next->ttl));
      if (section == 6) {
        out.answered = out.answered || next->type == type;
        take_address(reply, *next, out);
      } else if (section == 8 && next->type == type_soa && !out.negative) {
        out.negative = negative_ttl(reply, *next);
      }
    }
  if (at != reply.size())
    return std::nullopt;
  if (out.ttls.empty())
    out.shortest = 0;
  return out;
}

} // namespace pier::net
