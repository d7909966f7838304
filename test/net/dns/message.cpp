#include "test/net/dns/message.hpp"

#include <ldns/ldns.h>

#include <algorithm>

namespace pier::trials {

net::dns_bytes ask(std::string_view name, uint16_t type, uint16_t id) {
  net::dns_bytes out{0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0};
  net::set_id(out, id);
  while (!name.empty()) {
    auto label = name.substr(0, name.find('.'));
    out.push_back(static_cast<uint8_t>(label.size()));
    out.insert(out.end(), label.begin(), label.end());
    name.remove_prefix(std::min(name.size(), label.size() + 1));
  }
  auto high = static_cast<uint8_t>(type >> 8);
  auto low = static_cast<uint8_t>(type & 0xff);
  for (uint8_t byte : {uint8_t{0}, high, low, uint8_t{0}, uint8_t{1}})
    out.push_back(byte);
  return out;
}

net::dns_bytes with_edns(net::dns_bytes query, uint16_t udp_size) {
  query[11] = 1;
  auto high = static_cast<uint8_t>(udp_size >> 8);
  auto low = static_cast<uint8_t>(udp_size & 0xff);
  const net::dns_bytes opt{0, 0, 41, high, low, 0, 0, 0, 0, 0, 0};
  query.insert(query.end(), opt.begin(), opt.end());
  return query;
}

net::dns_bytes reply_to(net::dns_view query, net::dns_code code) {
  net::dns_bytes out(query.begin(), query.end());
  out[2] |= 0x80;
  out[3] = static_cast<uint8_t>(0x80 | static_cast<uint8_t>(code));
  return out;
}

net::dns_bytes long_reply_to(net::dns_view query, size_t size) {
  auto out = reply_to(query);
  out.resize(std::max(out.size(), size));
  return out;
}

net::dns_bytes truncated(net::dns_bytes reply) {
  reply[2] |= 0x02;
  return reply;
}

net::dns_bytes framed(net::dns_view message) {
  net::dns_bytes out{
    static_cast<uint8_t>(message.size() >> 8),
    static_cast<uint8_t>(message.size() & 0xff)};
  out.insert(out.end(), message.begin(), message.end());
  return out;
}

std::vector<std::string> lines_of(net::dns_view message) {
  ldns_pkt* packet = nullptr;
  std::vector<std::string> out;
  auto how = ldns_wire2pkt(&packet, message.data(), message.size());
  if (how != LDNS_STATUS_OK)
    return {ldns_get_errorstr_by_id(how)};
  auto list = ldns_pkt_answer(packet);
  for (size_t i = 0; i < ldns_rr_list_rr_count(list); ++i) {
    auto text = ldns_rr2str(ldns_rr_list_rr(list, i));
    std::string line{text};
    LDNS_FREE(text);
    std::replace(line.begin(), line.end(), '\t', ' ');
    out.push_back(line.substr(0, line.find('\n')));
  }
  ldns_pkt_free(packet);
  return out;
}

} // namespace pier::trials
