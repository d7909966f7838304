#include "net/proxy/proxy_environment.hpp"

#include "net/gateway/address_plan.hpp"

#include <algorithm>
#include <cctype>
#include <string>

namespace pier::net {

namespace {

std::string lowered(std::string text) {
  for (auto& each : text)
    each = static_cast<char>(std::tolower(static_cast<unsigned char>(each)));
  return text;
}

bool has(const container_spec& spec, const std::string& lower) {
  const auto& all = spec.environment;
  return std::any_of(all.begin(), all.end(), [&](const std::string& each) {
    return lowered(each.substr(0, each.find('='))) == lower;
  });
}

void put(
  container_spec& into, const std::string& upper, const std::string& value) {
  auto lower = lowered(upper);
  if (has(into, lower))
    return;
  into.environment.push_back(upper + "=" + value);
  into.environment.push_back(lower + "=" + value);
}

std::string own_proxy(const network_settings& network) {
  auto host = network.suffixes.empty() ? to_string(plan_network(network).proxy)
                                       : "http." + network.suffixes.front();
  return "http://" + host + ":" + std::to_string(proxy_port);
}

std::string exceptions(const guest_proxy& by, const network_settings& network) {
  std::string out = "localhost,127.0.0.0/8,::1," + to_string(network.subnet)
    + "," + to_string(network.subnet6);
  for (const auto& each : network.suffixes)
    out += ",." + each;
  for (const auto& each : by.terms.exclude)
    out += "," + to_string(each);
  return out;
}

} // namespace

container_spec with_proxy_variables(
  container_spec spec, const guest_proxy& by, const network_settings& network) {
  if (!by.is_set() || spec.attached() || spec.network != network_mode::bridge)
    return spec;
  put(spec, "HTTP_PROXY", own_proxy(network));
  put(spec, "HTTPS_PROXY", own_proxy(network));
  put(spec, "NO_PROXY", exceptions(by, network));
  return spec;
}

} // namespace pier::net
