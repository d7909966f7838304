#pragma once

/// What a link of ours is to have, whatever it had: addresses and a way out.
/// What is there already is not touched.

#include "net/link/netlink.hpp"

#include <vector>

namespace pier::net {

struct link_address {
  ip_address ip;
  unsigned bits = 0;

  friend bool operator==(const link_address&, const link_address&) = default;
};

/// All but the link-local ones, which the kernel gives.
result<std::vector<link_address>>
addresses_of(netlink& by, const std::string& link);

/// These and no others, link-local ones excepted.
result<void> set_addresses(
  netlink& by, const std::string& link, const std::vector<link_address>& to);

/// Of the default routes by this link, these and no others.
result<void> set_default_routes(
  netlink& by, const std::string& link, const std::vector<ip_address>& via);

/// Who was learned to be where: another may have the address now.
result<void> forget_neighbours(netlink& by, const std::string& link);

} // namespace pier::net
