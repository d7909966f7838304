#pragma once

/// A daemon for `-d` where none runs.

#include "tools/pier/peers.hpp"

namespace pier::cli {

/// The daemon of this runtime directory; where there is none, one is started
/// that ends with its last container. Two who ask at once get the same.
result<peer>
find_or_start_daemon(boost::asio::io_context& io, const std::string& dir);

} // namespace pier::cli
