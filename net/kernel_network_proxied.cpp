#include "net/http/http_talk.hpp"
#include "net/http/led_talk.hpp"
#include "net/kernel_network.hpp"

#include <sys/socket.h>

namespace pier::net {

std::unique_ptr<proxy_talk> kernel_network::claim_proxied(
  ticket number, proxy_client who, proxy_talk::sink events) {
  auto side = lobby_.leave(number);
  auto from = side ? side->become_caller() : nullptr;
  if (!from)
    return nullptr;
  proxy_talk_parts parts{
    runtime_,
    http_,
    std::move(from),
    {runtime_.control(),
     [this](family kind, bool to_guest) {
       return to_guest ? gateway_.socket(kind, SOCK_STREAM)
                       : spare_host_socket(gateway_, kind, SOCK_STREAM);
     },
     logins_}};
  return who == proxy_client::knowing
    ? make_http_talk(std::move(parts), std::move(events))
    : make_led_talk(std::move(parts), std::move(events));
}

} // namespace pier::net
