#pragma once

/// One look at all supervisors of a user.

#include "messages/error.hpp"
#include "tools/pier/command.hpp"
#include "tools/pier/peers.hpp"
#include "tools/pier/top/ledger.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>

namespace pier::cli {

/// Asks all that run now, and answers once, from the loop, with what those have
/// seen that answer; or why nothing can be seen.
void look(
  boost::asio::io_context& io, const surroundings& here,
  std::function<void(result<sample>)> done);

} // namespace pier::cli
