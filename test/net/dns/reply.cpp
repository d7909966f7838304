#include "test/net/dns/reply.hpp"

#include "messages/address.hpp"

namespace pier::trials {

namespace {

constexpr size_t answers = 6, authorities = 8, additions = 10;
constexpr uint16_t type_cname = 5, type_soa = 6;

void put(net::dns_bytes& to, uint32_t number, int bytes) {
  for (auto i = bytes - 1; i >= 0; --i)
    to.push_back(static_cast<uint8_t>(number >> (8 * i) & 0xff));
}

net::dns_bytes wire_name(std::string_view name) {
  auto message = ask(name);
  return {message.begin() + 12, message.end() - 4};
}

} // namespace

reply::reply(const net::dns_bytes& query, net::dns_code code) {
  auto end = *net::question_end(query);
  bytes_ = reply_to(
    net::dns_bytes{
      query.begin(), query.begin() + static_cast<std::ptrdiff_t>(end)},
    code);
  bytes_[11] = 0;
}

void reply::add(
  size_t section, uint16_t type, uint32_t ttl, const net::dns_bytes& data) {
  ++bytes_[section + 1];
  put(bytes_, 0xc00c, 2); // the name of the question
  put(bytes_, type, 2);
  put(bytes_, 1, 2);
  put(bytes_, ttl, 4);
  put(bytes_, static_cast<uint32_t>(data.size()), 2);
  bytes_.insert(bytes_.end(), data.begin(), data.end());
}

reply& reply::address(const char* text, uint32_t ttl) {
  auto ip = *ip_address::parse(text);
  auto begin = ip.bytes().begin();
  add(
    answers, ip.is_v4() ? type_a : type_aaaa, ttl,
    {begin, begin + (ip.is_v4() ? 4 : 16)});
  return *this;
}

reply& reply::alias(std::string_view to, uint32_t ttl) {
  add(answers, type_cname, ttl, wire_name(to));
  return *this;
}

reply& reply::start_of_authority(uint32_t ttl, uint32_t minimum) {
  net::dns_bytes data{0, 0};
  for (uint32_t number : {1U, 2U, 3U, 4U, minimum})
    put(data, number, 4);
  add(authorities, type_soa, ttl, data);
  return *this;
}

reply& reply::edns(const net::dns_bytes& options) {
  ++bytes_[additions + 1];
  put(bytes_, 0, 1);
  put(bytes_, 41, 2);
  put(bytes_, 1232, 2);
  put(bytes_, 0, 4);
  put(bytes_, static_cast<uint32_t>(options.size()), 2);
  bytes_.insert(bytes_.end(), options.begin(), options.end());
  return *this;
}

} // namespace pier::trials
