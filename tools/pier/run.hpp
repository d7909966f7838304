#pragma once

/// `pier run`, and what it shares with `pier attach`.

#include "messages/container.hpp"
#include "tools/pier/command.hpp"

namespace pier::cli {

/// A container that somebody wants.
struct wish {
  container_spec spec;
  bool detach = false;
  bool interactive = false;
  std::vector<std::string> host_gateway{};
};

/// Finds it a home — the daemon, a daemon started for it, or this process —
/// and lives with it unless it is detached. Answers the exit status.
int fulfil(const surroundings& here, wish one);

int run(const surroundings& here, const arguments& given);

} // namespace pier::cli
