#include "net/dns/decision.hpp"

#include <utility>

namespace pier::net {

namespace {

constexpr uint16_t type_a = 1, type_aaaa = 28, class_in = 1;

std::shared_ptr<const std::vector<endpoint>>
shared(const std::vector<endpoint>& servers) {
  return servers.empty()
    ? nullptr
    : std::make_shared<const std::vector<endpoint>>(servers);
}

} // namespace

dns_decision::dns_decision(const dns_settings& by)
  : addresses_(by.addresses), names_(by.records), servers_(shared(by.servers)) {
  for (const auto& [suffix, servers] : by.zones)
    zones_[suffix] = shared(servers);
}

bool dns_decision::hides(uint16_t type, bool has_ipv6) const noexcept {
  switch (addresses_) {
    case address_policy::automatic:
      return type == type_aaaa && !has_ipv6;
    case address_policy::ipv4:
      return type == type_aaaa;
    case address_policy::ipv6:
      return type == type_a;
    default:
      return false;
  }
}

bool dns_decision::asks_for_ipv6(const dns_question& what) const noexcept {
  return addresses_ == address_policy::automatic && what.type == type_aaaa;
}

void dns_decision::lead_on(dns_course& course, const std::string& name) const {
  course.what = dns_course::kind::forward;
  course.servers = servers_;
  if (zones_.empty())
    return;
  for (size_t at = 0;; ++at) {
    auto found = zones_.find(at == 0 ? name : name.substr(at));
    if (found != zones_.end()) {
      course.servers = found->second;
      return;
    }
    at = name.find('.', at);
    if (at == std::string::npos)
      return;
  }
}

std::string dns_decision::setting_of(
  const dns_course& course, const dns_question& what) const {
  if (what.klass == class_in && names_.find(what.name, what.type))
    return "dns.records";
  if (course.what == dns_course::kind::own)
    return course.own.what == dns_answer::kind::no_data ? "dns.addresses"
                                                        : "Pier's own zone";
  for (size_t at = 0; at != std::string::npos;) {
    if (auto found = zones_.find(what.name.substr(at)); found != zones_.end())
      return "dns.zones.\"" + found->first + "\"";
    at = what.name.find('.', at);
    at += at == std::string::npos ? 0 : 1;
  }
  return servers_ ? "dns.servers" : "the host's resolv.conf";
}

dns_course dns_decision::follow(
  static_names::finding found, const zone& own, dns_question what) const {
  dns_course out;
  out.what = dns_course::kind::own;
  out.own = std::move(found.answer);
  if (found.leads_to.empty())
    return out;
  what.name = found.leads_to;
  auto ours = answer(own, what);
  if (!ours) {
    out.alias = found.leads_to;
    return out;
  }
  for (const auto& ip : ours->addresses) {
    dns_record made;
    made.name = what.name;
    made.type = ip.is_v4() ? dns_record::kind::a : dns_record::kind::aaaa;
    made.address = ip;
    out.own.records.push_back(std::move(made));
  }
  return out;
}

dns_course dns_decision::decide(
  const zone& own, const dns_question& what, bool has_ipv6) const {
  dns_course out;
  auto name = what.name;
  if (what.klass == class_in)
    if (auto found = names_.find(name, what.type)) {
      out = follow(std::move(*found), own, what);
      if (out.alias.empty())
        return out;
      name = out.alias;
    }
  if (out.alias.empty())
    if (auto ours = answer(own, what)) {
      out.what = dns_course::kind::own;
      out.own = std::move(*ours);
      return out;
    }
  if (what.klass == class_in && hides(what.type, has_ipv6)) {
    // An alias is told all the same; what it leads to has no such address.
    if (out.alias.empty())
      out.own.what = dns_answer::kind::no_data;
    out.what = dns_course::kind::own;
    out.alias.clear();
    return out;
  }
  lead_on(out, name);
  return out;
}

} // namespace pier::net
