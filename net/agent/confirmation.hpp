#pragma once

/// Asks a person, by a command of the settings.

#include <boost/asio/io_context.hpp>

#include <functional>
#include <string>
#include <vector>

namespace pier::net {

/// Runs the command by /bin/sh with our environment and these variables, its
/// input and output nowhere, and answers once whether it exited with 0. After a
/// minute it is killed and has said no.
void confirm(
  boost::asio::io_context& io, const std::string& command,
  std::vector<std::string> variables, std::function<void(bool)> said);

} // namespace pier::net
