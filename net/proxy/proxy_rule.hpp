#pragma once

/// By which proxy of the network around us a guest's request leaves: a pure
/// function of the settings and of what is asked.
///
/// In this order, and the first that says something decides:
///
///     1. loopback, and names of ours: directly
///     2. what is excluded: directly
///     3. the script, where there is one
///     4. http goes by the one for http, everything else by the one for https
///     5. directly, unless "*" leads everything to a proxy and there is none:
///        blocked

#include "messages/policy.hpp"
#include "messages/proxy.hpp"
#include "net/proxy/system_proxy.hpp"

#include <string>

namespace pier::net {

/// The terms as they are for one guest: whose words hold is settled.
struct guest_proxy {
  proxy_terms terms;
  transparent_ports transparent;
  /// "containers_proxy", "container.web.proxy", "environment",
  /// "desktop": who has said so.
  std::string by;

  bool has_script() const noexcept {
    return !terms.pac.empty() || !terms.embedded_pac.empty();
  }

  /// Whether any connection leaves by a proxy.
  bool is_set() const noexcept {
    return terms.http || terms.https || has_script();
  }

  /// Whether all are led to a proxy, and there is none.
  bool blocks() const noexcept {
    return terms.mode == proxy_mode::manual && transparent.all && !is_set();
  }

  /// Whether a connection to this port is led without asking for it.
  bool leads(uint16_t port) const {
    return (is_set() || blocks()) && transparent.has(port);
  }

  friend bool operator==(const guest_proxy&, const guest_proxy&) = default;
};

/// `system`: what our surroundings say.
guest_proxy proxy_of(const guest_rules& rules, const system_terms& system);

struct proxy_verdict {
  /// `direct`, `through`, or `blocked` in words.
  proxy_choice way;
  /// It is for the script to say, and `way` says nothing.
  bool asks_script = false;
  /// The setting that says so, and what it says, for a person.
  std::string rule;
};

/// `host` is a name in lower case or an address; empty: nobody knows, and only
/// the address of `at` counts. `is_http`: in plain HTTP, not through CONNECT.
proxy_verdict choose_proxy(
  const guest_proxy& by, const std::string& host, uint16_t port, bool is_http);

} // namespace pier::net
