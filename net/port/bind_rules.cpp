#include "net/port/bind_rules.hpp"

#include <algorithm>

namespace pier::net {

namespace {

error forbid(const ip_address& ip, const port_range& ports, const char* why) {
  auto at = to_string(endpoint{ip, ports.first});
  return {ec::forbidden, "Bind for " + at + " is forbidden: " + why};
}

/// ::ffff:127.0.0.1 binds what 127.0.0.1 does.
bool is_local(const ip_address& ip) {
  return ip.embedded().value_or(ip).is_loopback() || ip.is_loopback();
}

bool is_allowed(const ip_address& ip, const port_settings& by) {
  const auto& all = by.allowed_binds;
  return all.empty()
    || std::any_of(all.begin(), all.end(), [&](const ip_subnet& each) {
           return each.contains(ip);
         });
}

} // namespace

result<std::vector<ip_address>>
bind_addresses(const port_spec& spec, const port_settings& by) {
  std::vector<ip_address> all;
  if (spec.host_ip)
    all = {*spec.host_ip};
  else
    for (auto kind : {family::v4, family::v6})
      all.push_back(
        by.bind == port_bind::all ? ip_address::any(kind)
                                  : ip_address::loopback(kind));
  auto first = all.front();
  if (by.bind == port_bind::local_only && !is_local(first))
    return forbid(
      first, spec.host,
      "ports.bind is \"local-only\", which leaves 127.0.0.0/8 and ::1");
  std::erase_if(all, [&](const auto& ip) { return !is_allowed(ip, by); });
  if (all.empty())
    return forbid(
      first, spec.host, "it is in no subnet of ports.allowed_binds");
  return all;
}

} // namespace pier::net
