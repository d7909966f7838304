#include "net/circuit/introduction.hpp"

#include "net/socket_address.hpp"

namespace pier::net {

bool comes_from_afar(const guest_network& guests, const endpoint& client) {
  const auto& ip = client.ip;
  return client.port != 0 && !ip.is_any() && !ip.is_loopback()
    && !ip.is_link_local() && !ip.is_multicast()
    && !ip.in_subnet(guests.subnet, guests.bits)
    && !ip.in_subnet(guests.subnet6, guests.bits6);
}

bool take_name(int socket, const endpoint& client) {
  // One client may have several connections from one port.
  int on = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  auto name = to_kernel(client);
  return ::bind(socket, name.data(), name.size) == 0;
}

std::shared_ptr<void>
names_in_use::take(const endpoint& client, const endpoint& guest) {
  auto [at, is_new] = taken_.emplace(client, guest);
  if (!is_new)
    return nullptr;
  return {this, [this, at = at](void*) { taken_.erase(at); }};
}

} // namespace pier::net
