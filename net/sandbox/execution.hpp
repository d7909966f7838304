#pragma once

/// How a process of a container becomes its command.

#include "messages/error.hpp"
#include "net/sandbox/plan.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pier::net::box {

/// The plan's environment, of each name the last, and what a container always
/// has: PATH, HOME, HOSTNAME, container and, on a terminal, TERM. Pure.
std::vector<std::string>
complete_environment(const plan& what, std::string_view hostname);

/// What a person reads of a command that could not be run, in Docker's words.
/// `there`: a file of that name exists. Pure.
error exec_refusal(std::string_view command, int number, bool there);

/// The exit status that goes with a refusal: 127 or 126.
int exec_status(ec code) noexcept;

/// Becomes the command, which is searched for in its own PATH; returns only
/// with the reason why not.
error become(
  const std::vector<std::string>& command,
  const std::vector<std::string>& environment);

} // namespace pier::net::box
