#pragma once

/// The files by which a guest finds its way: contents, not paths. Pure.

#include "messages/container.hpp"
#include "net/gateway/address_plan.hpp"

#include <string>
#include <vector>

namespace pier::net {

/// resolv.conf(5): the gateway answers, in both families, and the host's
/// search list stays. `ndots:0` lets a bare container name be asked as it is.
std::string guest_resolv_conf(
  const guest_network& net, const std::vector<std::string>& search);

/// hosts(5): loopback, the container's own name, and what `--add-host` says.
std::string guest_hosts(const container_spec& spec, const lease& at);

} // namespace pier::net
