#pragma once

/// Who has which address of the guest network. Pure: counting, no kernel.

#include "messages/container.hpp"
#include "messages/flow.hpp"
#include "messages/settings/network_settings.hpp"

#include <cstdint>
#include <map>
#include <vector>

namespace pier::net {

/// The fixed addresses of a guest network.
struct guest_network {
  ip_address subnet;
  unsigned bits = 24;
  ip_address subnet6;
  unsigned bits6 = 64;
  ip_address gateway;  // .1: also the DNS server
  ip_address gateway6; // ::1
  ip_address proxy;    // .2: our HTTP proxy
  ip_address proxy6;   // ::2
  ip_address host;     // .254: the host's own loopback services
  ip_address host6;    // ::254
  unsigned mtu = 1500;
  /// Which of them the guests have. The gateway has both: it is one gateway to
  /// its sockets and rules, whoever calls.
  bool guests_have4 = true;
  bool guests_have6 = true;

  friend bool operator==(const guest_network&, const guest_network&) = default;
};

/// Where our HTTP proxy is; at this port of its address, and nowhere else.
constexpr uint16_t proxy_port = 3128;

bool is_for_proxy(const guest_network& in, const flow& what);

guest_network plan_network(const network_settings& from);

/// Leases addresses. Number n is n addresses after the subnet's own, in both
/// families; the least recently used free one is next, so that an address does
/// not change owners while peers still remember the old one.
class address_plan {
public:
  explicit address_plan(guest_network net);

  const guest_network& network() const noexcept {
    return net_;
  }

  /// Refused with ec::exhausted when the subnet is full.
  result<lease> take();
  void give_back(uint32_t link);

  /// The leases as they would be in another network, in the order in which they
  /// were taken: each keeps its number where it fits. Refused with
  /// ec::exhausted, and the numbers, when there are too many.
  result<std::vector<lease>> leases_in(const guest_network& other) const;

  /// From now on it is that network, and these are its leases.
  void renumber(const guest_network& other, const std::vector<lease>& leases);

private:
  guest_network net_;
  std::map<uint32_t, lease> taken_; // by link
  uint32_t last_ = 2;
  uint32_t last_link_ = 0;
};

} // namespace pier::net
