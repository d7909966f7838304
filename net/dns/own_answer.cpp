#include "net/dns/own_answer.hpp"

#include "net/dns/anatomy.hpp"

#include <ldns/ldns.h>

#include <array>
#include <memory>
#include <string_view>

namespace pier::net {

namespace {

constexpr size_t header_size = 12;
constexpr size_t own_udp_size = 1232;
constexpr size_t longest_string = 255;

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

/// A text of any length is a row of strings of at most 255 bytes (RFC 7208,
/// 3.3).
void push_text(ldns_rr* record, std::string_view text) {
  do {
    auto piece = text.substr(0, longest_string);
    std::string data(1, static_cast<char>(piece.size()));
    data += piece;
    ldns_rr_push_rdf(
      record,
      ldns_rdf_new_frm_data(LDNS_RDF_TYPE_STR, data.size(), data.data()));
    text.remove_prefix(piece.size());
  } while (!text.empty());
}

/// False: it is no such record, and is not told.
bool push_data(ldns_rr* record, const dns_record& what) {
  auto target = what.type == dns_record::kind::cname
      || what.type == dns_record::kind::srv
    ? name_rdf(what.text)
    : nullptr;
  switch (what.type) {
    case dns_record::kind::a:
    case dns_record::kind::aaaa: {
      auto is_v4 = what.type == dns_record::kind::a;
      if (what.address.is_v4() == is_v4)
        ldns_rr_push_rdf(
          record,
          ldns_rdf_new_frm_data(
            is_v4 ? LDNS_RDF_TYPE_A : LDNS_RDF_TYPE_AAAA, is_v4 ? 4 : 16,
            what.address.bytes().data()));
      return what.address.is_v4() == is_v4;
    }
    case dns_record::kind::txt:
      push_text(record, what.text);
      return true;
    case dns_record::kind::srv:
      if (target != nullptr)
        for (auto number : {what.priority, what.weight, what.port})
          ldns_rr_push_rdf(
            record, ldns_native2rdf_int16(LDNS_RDF_TYPE_INT16, number));
      [[fallthrough]];
    default:
      if (target != nullptr)
        ldns_rr_push_rdf(record, target);
      return target != nullptr;
  }
}

void push_record(ldns_pkt* reply, const dns_record& what, uint32_t ttl) {
  auto owner = name_rdf(what.name);
  if (owner == nullptr)
    return;
  auto record = ldns_rr_new();
  ldns_rr_set_owner(record, owner);
  ldns_rr_set_type(record, static_cast<ldns_rr_type>(what.type));
  ldns_rr_set_class(record, LDNS_RR_CLASS_IN);
  ldns_rr_set_ttl(record, ttl);
  if (push_data(record, what))
    ldns_pkt_push_rr(reply, LDNS_SECTION_ANSWER, record);
  else
    ldns_rr_free(record);
}

void copy_records(
  ldns_pkt* to, ldns_pkt_section section, const ldns_rr_list* from) {
  for (size_t i = 0; i < ldns_rr_list_rr_count(from); ++i)
    ldns_pkt_push_rr(to, section, ldns_rr_clone(ldns_rr_list_rr(from, i)));
}

dns_bytes to_wire(const packet_ptr& what, dns_view query) {
  uint8_t* wire = nullptr;
  size_t size = 0;
  if (ldns_pkt2wire(&wire, what.get(), &size) != LDNS_STATUS_OK)
    return make_failure(query, dns_code::failure);
  dns_bytes out(wire, wire + size);
  LDNS_FREE(wire);
  return out;
}

} // namespace

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
  for (const auto& each : what.records)
    push_record(to, each, what.ttl);
  if (ldns_pkt_edns(asked.get()))
    ldns_pkt_set_edns_udp_size(to, own_udp_size);
  return to_wire(reply, query);
}

dns_bytes make_refusal(dns_view query, dns_refusal why) {
  auto out = make_failure(query, dns_code::refused);
  if (out.empty() || !edns_of(query))
    return out;
  // An OPT record with one option: its code, two bytes, the reason.
  auto low = [](auto number) { return static_cast<uint8_t>(number & 0xff); };
  const std::array<uint8_t, 17> opt{
    0,
    0,
    41,
    low(own_udp_size >> 8),
    low(own_udp_size),
    0,
    0,
    0,
    0,
    0,
    6,
    0,
    15,
    0,
    2,
    0,
    low(static_cast<uint16_t>(why))};
  out.insert(out.end(), opt.begin(), opt.end());
  out[11] = 1;
  return out;
}

dns_bytes make_question(const std::string& name, uint16_t type) {
  auto* asked = name_rdf(name);
  dns_bytes out;
  if (asked != nullptr) {
    // Recursion is desired, and there is one question.
    out = {0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0};
    const auto* wire = ldns_rdf_data(asked);
    out.insert(out.end(), wire, wire + ldns_rdf_size(asked));
    for (auto word : {type, uint16_t{1}}) {
      out.push_back(static_cast<uint8_t>(word >> 8));
      out.push_back(static_cast<uint8_t>(word));
    }
  }
  ldns_rdf_deep_free(asked);
  return out;
}

dns_bytes ask_instead(dns_view query, const std::string& name) {
  auto end = question_end(query);
  auto* other = name_rdf(name);
  dns_bytes out;
  if (end && other != nullptr) {
    const auto* wire = ldns_rdf_data(other);
    auto begin = query.begin();
    out.assign(begin, begin + header_size);
    out.insert(out.end(), wire, wire + ldns_rdf_size(other));
    // Nothing behind the question points back to it in a sane query.
    out.insert(
      out.end(), begin + static_cast<std::ptrdiff_t>(*end - 4), query.end());
  }
  ldns_rdf_deep_free(other);
  return out;
}

dns_bytes tell_alias(dns_view query, const dns_answer& way, dns_view reply) {
  auto asked = parse(query);
  auto heard = parse(reply);
  if (!asked || !heard)
    return make_failure(query, dns_code::failure);
  packet_ptr out{ldns_pkt_new()};
  auto* to = out.get();
  ldns_pkt_set_id(to, id_of(query));
  ldns_pkt_set_qr(to, true);
  ldns_pkt_set_ra(to, true);
  ldns_pkt_set_rd(to, ldns_pkt_rd(asked.get()));
  ldns_pkt_set_rcode(to, ldns_pkt_get_rcode(heard.get()));
  ldns_pkt_set_tc(to, ldns_pkt_tc(heard.get()));
  copy_records(to, LDNS_SECTION_QUESTION, ldns_pkt_question(asked.get()));
  for (const auto& each : way.records)
    push_record(to, each, way.ttl);
  copy_records(to, LDNS_SECTION_ANSWER, ldns_pkt_answer(heard.get()));
  copy_records(to, LDNS_SECTION_AUTHORITY, ldns_pkt_authority(heard.get()));
  if (ldns_pkt_edns(asked.get()))
    ldns_pkt_set_edns_udp_size(to, own_udp_size);
  return to_wire(out, query);
}

} // namespace pier::net
