#pragma once

/// All static forwards, by where they listen. They need neither gateway nor
/// namespaces, unless they lead to a container. One that keeps dying of bugs is
/// given up alone.

#include "actors/forward.hpp"
#include "actors/runtime/gathering.hpp"

#include <map>
#include <optional>
#include <set>

namespace pier::actors {

/// What they are born with, each time.
struct forwards_args {
  net::network* network = nullptr;
  std::map<listen_address, forward_spec> all;
  reporter news;
};

struct forwards_state {
  static const char* name;

  health describe() const;

  forwards_args args;
  std::optional<supervision> children;
  std::set<listen_address> given_up;
};

forwards_actor::behavior_type forwards(
  forwards_actor::stateful_pointer<forwards_state> self, forwards_args args);

} // namespace pier::actors
