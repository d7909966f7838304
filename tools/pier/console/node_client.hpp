#pragma once

/// A daemon as its commands ask it, reached through its console: what its
/// actors answer is asked of them in their own messages, everything else is
/// conveyed in the words of the control protocol.

#include "tools/control/client.hpp"
#include "tools/pier/console/nodes.hpp"

#include <memory>

namespace pier::cli {

/// It has no descriptors to hand over: what needs some is refused.
/// `interruptible`: SIGINT answers whatever waits, and is as by default when
/// this has gone.
std::unique_ptr<control::client> make_node_client(
  boost::asio::io_context& io, nodes& all, const node& whom,
  bool interruptible = false);

} // namespace pier::cli
