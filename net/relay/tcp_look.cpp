#include "net/relay/tcp_look.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace pier::net {

namespace {

/// One that the other side of a socket has said FIN to is in one of these.
bool has_heard_fin(uint8_t state) noexcept {
  return state == TCP_CLOSE_WAIT || state == TCP_LAST_ACK
    || state == TCP_CLOSING;
}

} // namespace

void look_at(int socket, bool& is_done, std::optional<uint32_t>& rtt) {
  tcp_info facts{};
  socklen_t size = sizeof(facts);
  if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &facts, &size) != 0)
    return;
  is_done = has_heard_fin(facts.tcpi_state);
  if (facts.tcpi_rtt > 0)
    rtt = facts.tcpi_rtt;
}

} // namespace pier::net
