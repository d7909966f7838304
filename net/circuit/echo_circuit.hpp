#pragma once

/// A ping of a guest, pinged again from the host.
///
/// Unprivileged ping sockets are used where net.ipv4.ping_group_range allows
/// them, raw sockets where we have CAP_NET_RAW; with neither, the guest's ping
/// stays unanswered, and `pier doctor` says so.

#include "net/gateway/gateway.hpp"
#include "net/network.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>

namespace pier::net {

std::unique_ptr<circuit> make_echo_circuit(
  boost::asio::io_context& io, gateway& gate, held_packet request,
  circuit::sink events);

} // namespace pier::net
