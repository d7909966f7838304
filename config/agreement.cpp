#include "config/agreement.hpp"

#include "config/forward_circle.hpp"
#include "config/quote.hpp"

#include <algorithm>

namespace pier::config {

namespace {

/// Names whose answers are not for settings to choose: localhost (RFC 6761,
/// 6.3), reverse names, and the two of ours.
bool is_spoken_for(
  const std::string& name, const std::vector<std::string>& suffixes) {
  if (
    name == "localhost" || name.ends_with(".localhost") || name == "arpa"
    || name.ends_with(".arpa") || name.starts_with("docker.for.")
    || name == "host" || name == "gateway")
    return true;
  return std::any_of(suffixes.begin(), suffixes.end(), [&](const auto& each) {
    return name == each || name == "host." + each || name == "gateway." + each
      || name == "http." + each;
  });
}

/// Whoever comes there reaches every container: what others than the host's own
/// programs reach must have been allowed by its address.
bool may_listen(const ip_address& ip, const port_settings& by) {
  if (ip.is_loopback())
    return true;
  return by.bind != port_bind::local_only
    && std::any_of(
           by.allowed_binds.begin(), by.allowed_binds.end(),
           [&](const ip_subnet& each) { return each.contains(ip); });
}

} // namespace

std::vector<disagreement> disagreements(const settings& among) {
  std::vector<disagreement> out;
  const auto& limits = among.limits;
  if (limits.pending > limits.flows)
    out.push_back(
      {{"limits.pending", "limits.flows"},
       "of " + std::to_string(limits.flows) + " flows "
         + std::to_string(limits.pending) + " cannot be pending"});
  for (const auto& [name, addresses] : among.network.hosts)
    if (is_spoken_for(name, among.network.suffixes))
      out.push_back(
        {{"network.hosts." + key_text(name), "network.suffixes"},
         "\"" + name + "\" has an answer that cannot be changed"});
  const auto& socks = among.socks.listen;
  if (socks && !may_listen(socks->ip, among.ports))
    out.push_back(
      {{"socks.listen", "ports.allowed_binds"},
       to_string(*socks)
         + " is no loopback address: listen at 127.0.0.1, or let "
           "ports.allowed_binds have it and ports.bind be other than "
           "\"local-only\""});
  for (const auto& at : forward_circles(among.forwards))
    out.push_back(
      {{"forward." + key_text(to_string(at))},
       "what comes in here would come back here: let \"to\" lead elsewhere"});
  return out;
}

} // namespace pier::config
