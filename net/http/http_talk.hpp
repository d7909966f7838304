#pragma once

/// A client of our HTTP proxy, as the control thread has it: its session is on
/// the HTTP thread (http_client), its tunnels on the relays.

#include "net/circuit/near_sides.hpp"
#include "net/http/http_thread.hpp"
#include "net/network.hpp"
#include "net/proxy/way_dialer.hpp"

#include <memory>

namespace pier::net {

struct proxy_talk_parts {
  io_runtime& runtime;
  http_thread& thread;
  std::unique_ptr<caller> from;
  way_surroundings ways;
};

/// The caller is accepted at once: whom it wants to reach it says then.
std::unique_ptr<proxy_talk>
make_http_talk(proxy_talk_parts parts, proxy_talk::sink events);

} // namespace pier::net
