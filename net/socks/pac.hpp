#pragma once

/// The proxy auto-configuration that browsers read: containers go by us,
/// everything else goes as if we were not there. Pure.

#include "net/gateway/address_plan.hpp"

#include <string>
#include <vector>

namespace pier::net {

struct pac_facts {
  /// As the browser calls us: "127.0.0.1:1080".
  std::string proxy;
  guest_network guests;
  /// Whatever ends in one of these is a container.
  std::vector<std::string> domains;
  /// Whatever is one of these is, too.
  std::vector<std::string> names;
};

/// JavaScript that asks no name server.
std::string pac_file(const pac_facts& of);

} // namespace pier::net
