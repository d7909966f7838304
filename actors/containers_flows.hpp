#pragma once

/// What the containers know of their flows together. A part of
/// actors/containers.

#include "actors/containers.hpp"

namespace pier::actors {

using containers_pointer = containers_actor::stateful_pointer<containers_state>;

/// An empty name is everybody's.
caf::result<std::vector<flow_info>>
list_flows(containers_pointer self, const std::string& of);

/// What was counted of each, once all that has been carried is counted.
caf::result<std::vector<named_tally>> count(containers_pointer self);

} // namespace pier::actors
