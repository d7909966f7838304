#include "net/port/reception.hpp"

#include "net/relay/proxy_header.hpp"
#include "net/socket_address.hpp"

#include <sys/socket.h>

namespace pier::net {

std::unique_ptr<near_side> receive_for_guest(
  circuit_surroundings around, fd made, const endpoint& client,
  port_source source, proxy_protocol proxy) {
  introduction as;
  if (
    source == port_source::preserve
    && comes_from_afar(around.gate.guests(), client))
    as.name = client;
  if (proxy == proxy_protocol::v2) {
    socket_address own;
    ::getsockname(made.get(), own.data(), &own.size);
    as.header = proxy_header(protocol::tcp, client, from_kernel(own));
  }
  auto far = around.gate.socket(family::v4, SOCK_STREAM);
  return make_client_side(
    around, std::move(made), far ? std::move(*far) : fd{}, std::move(as));
}

} // namespace pier::net
