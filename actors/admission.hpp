#pragma once

/// What becomes of a flow that waits to be let in: which of the sessions it
/// gets, if any.

#include "actors/session.hpp"
#include "actors/sessions.hpp"

namespace pier::actors {

/// A flow out. One that asks for what it may not have hears so at once.
void admit(sessions_pointer self, net::network* network, const arrival& what);

/// By which proxies connections leave, as the rules are now.
const net::guest_proxy&
proxy_now(sessions_pointer self, const net::network& network);

/// One that leads where the arguments say.
void add_session(
  sessions_pointer self, net::network* network, const arrival& what,
  session_args args);

} // namespace pier::actors
