#include "net/proxy/bypass.hpp"

#include <algorithm>

namespace pier::net {

namespace {

/// An address in disguise is what it is.
std::optional<ip_address> address_of(std::string_view host) {
  auto ip = ip_address::parse(host);
  if (ip)
    if (auto inner = ip->embedded())
      return inner;
  return ip;
}

bool ends_below(std::string_view host, std::string_view name) {
  return host.size() > name.size() && host.ends_with(name)
    && host[host.size() - name.size() - 1] == '.';
}

bool fits(
  const exclusion& one, std::string_view host,
  const std::optional<ip_address>& ip) {
  if (one.net)
    return ip && one.net->contains(*ip);
  if (one.name.empty())
    return true;
  return ends_below(host, one.name) || (!one.below && host == one.name);
}

std::string_view without_final_dot(std::string_view host) {
  return host.substr(0, host.size() - (host.ends_with('.') ? 1 : 0));
}

} // namespace

const exclusion* find_exclusion(
  std::span<const exclusion> among, std::string_view host, uint16_t port) {
  host = without_final_dot(host);
  auto ip = address_of(host);
  auto found = std::find_if(among.begin(), among.end(), [&](const auto& each) {
    return (each.port == 0 || each.port == port) && fits(each, host, ip);
  });
  return found == among.end() ? nullptr : &*found;
}

bool is_loopback(std::string_view host) {
  host = without_final_dot(host);
  auto ip = address_of(host);
  return ip ? ip->is_loopback()
            : host == "localhost" || ends_below(host, "localhost");
}

} // namespace pier::net
