#pragma once

/// A console of this machine: a Unix socket, and the kernel's word for who is
/// on its other side.

#include "net/console/stream.hpp"

#include <boost/asio/local/stream_protocol.hpp>

namespace pier::net {

/// Nobody but the user of this process, and root, is let in.
std::unique_ptr<console_stream>
make_local_stream(boost::asio::local::stream_protocol::socket peer);

} // namespace pier::net
