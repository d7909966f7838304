#pragma once

/// CAF's scheduler on an Asio io_context: every actor runs on the one thread
/// that runs the loop, so an actor and its sockets need no lock and no hop,
/// and idle costs nothing.
///
/// Together with supervision.* this is all that leans on the insides of CAF
/// 0.17.6 (abstract_coordinator, simple_actor_clock).

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <boost/asio/io_context.hpp>

namespace pier::actors {

/// Role: configures an actor system to run on `loop`, which must outlive it.
///
/// The thread that runs the loop also makes the actor system and destroys it:
/// CAF keeps thread-local references that would otherwise never be given back.
struct loop_config : caf::actor_system_config {
  explicit loop_config(boost::asio::io_context& where);

  boost::asio::io_context& loop;
};

} // namespace pier::actors
