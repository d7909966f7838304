#include "net/dns/wire.hpp"

#include <ldns/ldns.h>

#include <algorithm>
#include <cctype>
#include <memory>

namespace pier::net {

namespace {

constexpr size_t header_size = 12;
// Of a name with its length bytes (RFC 1035, 2.3.4).
constexpr size_t longest_name = 255;
constexpr size_t plain_udp_size = 512;
constexpr size_t own_udp_size = 1232;
// What one IPv4 datagram carries.
constexpr size_t most_udp_size = 65507;

uint16_t number_at(dns_view bytes, size_t offset) {
  return static_cast<uint16_t>(bytes[offset] << 8 | bytes[offset + 1]);
}

void put(dns_bytes& bytes, size_t offset, uint16_t number) {
  bytes[offset] = static_cast<uint8_t>(number >> 8);
  bytes[offset + 1] = static_cast<uint8_t>(number & 0xff);
}

/// A name without compression: those of a question have nothing to point to.
std::optional<std::string> read_name(dns_view bytes, size_t& at) {
  std::string name;
  auto start = at;
  for (;;) {
    if (at >= bytes.size() || at - start >= longest_name)
      return std::nullopt;
    size_t length = bytes[at++];
    if (length == 0)
      break;
    if (length > 63 || at + length > bytes.size())
      return std::nullopt;
    if (!name.empty())
      name += '.';
    for (size_t i = 0; i < length; ++i)
      name += static_cast<char>(std::tolower(bytes[at + i]));
    at += length;
  }
  return name;
}

struct packet_free {
  void operator()(ldns_pkt* packet) const {
    ldns_pkt_free(packet);
  }
};
using packet_ptr = std::unique_ptr<ldns_pkt, packet_free>;

packet_ptr parse(dns_view bytes) {
  ldns_pkt* packet = nullptr;
  if (ldns_wire2pkt(&packet, bytes.data(), bytes.size()) != LDNS_STATUS_OK)
    return nullptr;
  return packet_ptr{packet};
}

/// Null: no domain name, such as "a..b", which is a container's name all the
/// same.
ldns_rdf* name_rdf(const std::string& name) {
  return ldns_dname_new_frm_str((name + ".").c_str());
}

void push_record(
  ldns_pkt* reply, const ldns_rdf* owner, uint32_t ttl, ldns_rr_type type,
  ldns_rdf* data) {
  auto record = ldns_rr_new();
  ldns_rr_set_owner(record, ldns_rdf_clone(owner));
  ldns_rr_set_type(record, type);
  ldns_rr_set_class(record, LDNS_RR_CLASS_IN);
  ldns_rr_set_ttl(record, ttl);
  ldns_rr_push_rdf(record, data);
  ldns_pkt_push_rr(reply, LDNS_SECTION_ANSWER, record);
}

} // namespace

uint16_t id_of(dns_view message) {
  return message.size() < 2 ? uint16_t{0} : number_at(message, 0);
}

void set_id(dns_bytes& message, uint16_t id) {
  if (message.size() >= 2)
    put(message, 0, id);
}

dns_code code_of(dns_view message) {
  return message.size() < header_size
    ? dns_code::failure
    : static_cast<dns_code>(message[3] & 0x0f);
}

bool is_truncated(dns_view message) {
  return message.size() >= header_size && (message[2] & 0x02) != 0;
}

std::optional<size_t> question_end(dns_view message) {
  if (message.size() < header_size || number_at(message, 4) != 1)
    return std::nullopt;
  auto at = header_size;
  if (!read_name(message, at) || at + 4 > message.size())
    return std::nullopt;
  return at + 4;
}

result<dns_question> read_question(dns_view query) {
  auto refuse = [](const char* why) {
    return error{ec::bad_request, std::string{"DNS question: "} + why};
  };
  if (query.size() < header_size || (query[2] & 0x80) != 0)
    return refuse("not a question");
  if ((query[2] & 0x78) != 0)
    return error{ec::not_supported, "DNS question: not a query"};
  auto end = question_end(query);
  if (!end)
    return refuse("malformed");
  dns_question out;
  auto at = header_size;
  out.name = *read_name(query, at);
  out.type = number_at(query, at);
  out.klass = number_at(query, at + 2);
  return out;
}

bool answers(dns_view query, dns_view reply) {
  if (reply.size() < header_size || (reply[2] & 0x80) == 0)
    return false;
  auto asked = question_end(query);
  auto told = question_end(reply);
  // A server that understood nothing repeats no question.
  if (asked && !told)
    return number_at(reply, 4) == 0 && code_of(reply) != dns_code::no_error;
  if (!asked || *asked != *told)
    return false;
  auto same = [](uint8_t a, uint8_t b) {
    return std::tolower(a) == std::tolower(b);
  };
  return std::equal(
    query.begin() + header_size,
    query.begin() + static_cast<std::ptrdiff_t>(*asked),
    reply.begin() + header_size, same);
}

size_t udp_size(dns_view query) {
  auto packet = parse(query);
  if (!packet || !ldns_pkt_edns(packet.get()))
    return plain_udp_size;
  return std::clamp<size_t>(
    ldns_pkt_edns_udp_size(packet.get()), plain_udp_size, most_udp_size);
}

dns_bytes make_failure(dns_view query, dns_code why) {
  if (query.size() < header_size)
    return {};
  auto end = question_end(query);
  dns_bytes out(
    query.begin(),
    query.begin() + static_cast<std::ptrdiff_t>(end.value_or(header_size)));
  out[2] = static_cast<uint8_t>((out[2] & 0x79) | 0x80);
  out[3] = static_cast<uint8_t>(0x80 | static_cast<uint8_t>(why));
  put(out, 4, end ? 1 : 0);
  for (auto section : {6, 8, 10})
    put(out, static_cast<size_t>(section), 0);
  return out;
}

dns_bytes truncate(dns_view reply) {
  auto out = make_failure(reply, code_of(reply));
  if (!out.empty())
    out[2] |= 0x02;
  return out;
}

dns_bytes make_answer(dns_view query, const dns_answer& what) {
  auto asked = parse(query);
  auto question = question_end(query);
  if (!asked || !question)
    return make_failure(query, dns_code::malformed);
  packet_ptr reply{ldns_pkt_new()};
  auto to = reply.get();
  ldns_pkt_set_id(to, id_of(query));
  ldns_pkt_set_qr(to, true);
  ldns_pkt_set_aa(to, true);
  ldns_pkt_set_ra(to, true);
  ldns_pkt_set_rd(to, ldns_pkt_rd(asked.get()));
  ldns_pkt_set_rcode(
    to,
    what.what == dns_answer::kind::no_such_name ? LDNS_RCODE_NXDOMAIN
                                                : LDNS_RCODE_NOERROR);
  ldns_pkt_push_rr(
    to, LDNS_SECTION_QUESTION,
    ldns_rr_clone(ldns_rr_list_rr(ldns_pkt_question(asked.get()), 0)));
  auto owner = ldns_rr_owner(
    ldns_rr_list_rr(ldns_pkt_question(asked.get()), 0));
  for (const auto& ip : what.addresses) {
    auto kind = ip.is_v4() ? LDNS_RDF_TYPE_A : LDNS_RDF_TYPE_AAAA;
    auto type = ip.is_v4() ? LDNS_RR_TYPE_A : LDNS_RR_TYPE_AAAA;
    push_record(
      to, owner, what.ttl, type,
      ldns_rdf_new_frm_data(kind, ip.is_v4() ? 4 : 16, ip.bytes().data()));
  }
  if (!what.pointer.empty() && what.what == dns_answer::kind::records)
    if (auto name = name_rdf(what.pointer))
      push_record(to, owner, what.ttl, LDNS_RR_TYPE_PTR, name);
  if (ldns_pkt_edns(asked.get()))
    ldns_pkt_set_edns_udp_size(to, own_udp_size);
  uint8_t* wire = nullptr;
  size_t size = 0;
  if (ldns_pkt2wire(&wire, to, &size) != LDNS_STATUS_OK)
    return make_failure(query, dns_code::failure);
  dns_bytes out(wire, wire + size);
  LDNS_FREE(wire);
  return out;
}

} // namespace pier::net
