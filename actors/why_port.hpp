#pragma once

/// Why a client of a port of the host reaches somebody or not. Pure.

#include "messages/container.hpp"
#include "messages/forward.hpp"
#include "messages/why.hpp"

#include <string>
#include <vector>

namespace pier::actors {

/// A published port as all who know of it see it.
struct port_facts {
  host_port asked;
  std::string container;
  port_spec spec;
  bool paused = false;
  std::vector<bound_port> bound;
  /// The port's state, "up" or a refusal's sentence.
  std::string state;
  /// What listens behind it, its container's loopback aside.
  std::vector<service> services;
  std::vector<past_client> last;
};

explanation explain_port(const port_facts& of);

explanation explain_forward(const host_port& asked, const forward_info& of);

/// SOCKS is spoken there.
explanation explain_socks(const host_port& asked);

/// It is none of ours; `holder` as net/probe says it.
explanation explain_stranger(const host_port& asked, const std::string& holder);

} // namespace pier::actors
