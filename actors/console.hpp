#pragma once

/// One console: a client in another process, who was let in by its door and may
/// do everything. This actor is all that the client has a handle of.
///
/// It asks the root and answers itself. CAF would show a client the handle of
/// whoever answers it, and a handle is the power to end its actor unseen: so
/// nothing is delegated, and who is monitored is a witness. Acts are in the
/// event log with the client's name, before they are done.
///
/// It lives as long as its client; what the client cannot be told any more is
/// dropped. At most 64 requests wait for their answer.

#include "actors/runtime/pledge.hpp"
#include "actors/runtime/supervision.hpp"
#include "messages/handles.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <map>
#include <string>

namespace pier::actors {

/// Hands a request of the control protocol to whoever answers it; the answer
/// comes with atom::answered to the console of this number, under this id.
using conveyor = std::function<void(
  uint64_t console, uint64_t id, const std::string& request)>;

struct console_args {
  uint64_t number = 0;
  /// As the event log names it.
  std::string client;
  root_actor root;
  conveyor convey;
  reporter news;
};

struct console_state {
  static const char* name;

  ~console_state();

  health describe() const;

  console_args args;
  caf::actor follower;
  uint64_t last_id = 0;
  std::map<uint64_t, pledge<std::string>> conveyed{};
  /// Requests whose answer is on its way.
  size_t pending = 0;
  uint64_t acts = 0;
};

console_actor::behavior_type
console(console_actor::stateful_pointer<console_state> self, console_args args);

} // namespace pier::actors
