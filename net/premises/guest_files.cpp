#include "net/premises/guest_files.hpp"

namespace pier::net {

std::string guest_resolv_conf(
  const guest_network& net, const std::vector<std::string>& search) {
  std::string text = "# Made by pier: the gateway asks the host's resolvers.\n";
  if (net.guests_have4)
    text += "nameserver " + to_string(net.gateway) + "\n";
  if (net.guests_have6)
    text += "nameserver " + to_string(net.gateway6) + "\n";
  if (!search.empty()) {
    text += "search";
    for (const auto& domain : search)
      text += " " + domain;
    text += "\n";
  }
  return text + "options ndots:0\n";
}

std::string guest_hosts(const container_spec& spec, const lease& at) {
  std::string text = "127.0.0.1\tlocalhost\n"
                     "::1\tlocalhost ip6-localhost ip6-loopback\n"
                     "fe00::0\tip6-localnet\n"
                     "ff02::1\tip6-allnodes\n"
                     "ff02::2\tip6-allrouters\n";
  for (const auto& [name, ip] : spec.hosts)
    text += to_string(ip) + "\t" + name + "\n";
  if (spec.network != network_mode::bridge)
    return text;
  auto names = spec.hostname.empty() ? spec.name : spec.hostname;
  if (names != spec.name)
    names += " " + spec.name;
  for (const auto& ip : at.addresses())
    text += to_string(ip) + "\t" + names + "\n";
  return text;
}

} // namespace pier::net
