#include "config/schema.hpp"

#include "config/quote.hpp"
#include "config/schema/sections.hpp"

namespace pier::config {

const std::vector<section>& schema() {
  static const std::vector<section> all{
    network_section(),   ports_section(),     forward_section(),
    dns_section(),       dns_zones_section(), dns_records_section(),
    timeouts_section(),  limits_section(),    policy_section(),
    ssh_agent_section(), proxy_section(),     containers_proxy_section(),
    container_section(), socks_section(),     console_section(),
    log_section(),       metrics_section()};
  return all;
}

std::string full_path(const key& of, const std::string& name) {
  auto star = of.path.find('*');
  if (star == std::string::npos)
    return of.path;
  return of.path.substr(0, star) + key_text(name) + of.path.substr(star + 1);
}

std::vector<std::string> segments(std::string_view path) {
  std::vector<std::string> out;
  while (true) {
    auto dot = path.find('.');
    out.emplace_back(path.substr(0, dot));
    if (dot == std::string_view::npos)
      return out;
    path.remove_prefix(dot + 1);
  }
}

} // namespace pier::config
