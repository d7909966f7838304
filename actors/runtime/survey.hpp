#pragma once

/// A survey walks one floor of the tree: it asks every child of a supervisor
/// how it is, and answers for all of them when the last one has answered or
/// the deadline has passed. It lives for one question.

#include "messages/atoms.hpp"
#include "messages/type_ids.hpp"

#include <caf/actor.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <string>
#include <vector>

namespace pier::actors {

/// A child as its supervisor knows it.
struct surveyed {
  std::string id;
  std::string state;
  uint64_t restarts = 0;
  caf::actor child; // null: dead for now
};

struct survey_state {
  static const char* name;

  health answer;
  size_t missing = 0;
};

using survey_handle = caf::typed_actor<
  caf::replies_to<atom::status>::with<health>>;

/// `own` is the supervisor's part of the answer.
survey_handle::behavior_type survey(
  survey_handle::stateful_pointer<survey_state> self, health own,
  std::vector<surveyed> children);

} // namespace pier::actors
