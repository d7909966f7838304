#pragma once

/// Where the host's packets go, as far as it knows a way of its own.

#include "messages/ip_subnet.hpp"

#include <span>
#include <string>
#include <vector>

namespace pier::net {

struct host_route {
  ip_subnet to;
  std::string device;

  friend bool operator==(const host_route&, const host_route&) = default;
};

/// Those of the main table that lead somewhere, default routes excepted, and
/// those by our own device, if there is one; none where the kernel does not
/// tell. Costs one dump.
std::vector<host_route> host_routes(const std::string& own_device = {});

/// Those among the kernel's news (RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE) that
/// have come.
std::vector<host_route> routes_in(std::span<char> news);

/// "192.168.1.0/24 dev eth0", as ip(8) prints it.
std::string to_string(const host_route& of);

} // namespace pier::net
