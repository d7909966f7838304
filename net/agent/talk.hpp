#pragma once

/// One client of the SSH agent and, from its first request that goes on, a
/// connection of its own to the agent.
///
/// Theory of operation. One message of at most 256 KiB is in our hands at a
/// time: a request, until there is a yes or a no, and then its answer. A client
/// that sends more meanwhile waits in the kernel. The agent's side is dialled
/// when it is needed, where the agent is at that moment; when it hangs up, the
/// next request dials anew. What an agent takes to answer is its own affair:
/// it may be asking a person.

#include "net/fd.hpp"
#include "net/network.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>

namespace pier::net {

/// `client` is non-blocking.
std::unique_ptr<agent_talk> make_agent_talk(
  boost::asio::io_context& io, fd client, agent_talk::sink events);

} // namespace pier::net
