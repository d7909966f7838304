#pragma once

/// Where the host's SSH agent is at this moment.

#include "messages/error.hpp"
#include "net/fd.hpp"

#include <functional>
#include <string>
#include <vector>

namespace pier::net {

/// The value of an environment variable; empty: there is none.
using environment = std::function<std::string(const char*)>;

/// The sockets that may be the agent's, the likeliest first: only `chosen`
/// unless that is "auto", which is what SSH_AUTH_SOCK says and then where
/// systemd, GNOME, gcr and GnuPG put theirs for a person who has logged in. A
/// leading "~/" is the home folder.
std::vector<std::string>
agent_places(const std::string& chosen, const environment& from);

/// A connection to the first of them that answers, non-blocking; or, in words,
/// why there is none.
result<fd> dial_agent(const std::vector<std::string>& places);

} // namespace pier::net
