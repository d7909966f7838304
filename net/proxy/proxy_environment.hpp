#pragma once

/// What a container's programs are told of proxies. Pure.

#include "messages/container.hpp"
#include "messages/settings/network_settings.hpp"
#include "net/proxy/proxy_rule.hpp"

namespace pier::net {

/// Adds HTTP_PROXY, HTTPS_PROXY and NO_PROXY, each in both cases, where the
/// container's connections go by a proxy at all: they name our own, which knows
/// the way on and its credentials. What a person has set in either case stays.
/// Only a command of ours on the bridge is told so.
container_spec with_proxy_variables(
  container_spec spec, const guest_proxy& by, const network_settings& network);

} // namespace pier::net
