#include "net/relay/tcp_facts.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace pier::net {

tcp_facts facts_of(int socket) noexcept {
  tcp_facts out;
  tcp_info told{};
  socklen_t size = sizeof(told);
  if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &told, &size) != 0)
    return out;
  // RFC 9293, 3.3.2: the states behind a FIN that was received.
  out.peer_is_done = told.tcpi_state == TCP_CLOSE_WAIT
    || told.tcpi_state == TCP_LAST_ACK || told.tcpi_state == TCP_CLOSING;
  if (told.tcpi_rtt > 0)
    out.rtt = told.tcpi_rtt;
  return out;
}

} // namespace pier::net
