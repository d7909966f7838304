#pragma once

/// What the sessions of a container know of their flows together. A part of
/// actors/sessions.

#include "actors/sessions.hpp"

namespace pier::actors {

using sessions_pointer = sessions_actor::stateful_pointer<sessions_state>;

/// In no order: they answer as they come.
caf::result<std::vector<flow_info>> list_flows(sessions_pointer self);

/// Answers when all that has been carried is in the tally.
caf::result<done_t> count_bytes(sessions_pointer self);

/// A flow begins, ends; one has carried more; one was refused at the gate.
void count_begin(tally& all, const flow& what, const std::string& port);
void count_end(tally& all, const flow_end& last);
void count_refusal(tally& all, const flow& what, ec why);

/// What the log says of a flow that has ended.
std::string line_of(const flow_end& last);

} // namespace pier::actors
