#include "actors/runtime/survey.hpp"

#include "actors/runtime/manners.hpp"
#include "messages/handles.hpp"

#include <caf/all.hpp>

namespace pier::actors {

const char* survey_state::name = "survey";

namespace {

/// Who has not answered by then is shown as such.
constexpr std::chrono::milliseconds deadline{500};

/// A person reads the answer: of ten thousand sessions the first will do.
constexpr size_t most_children = 200;

} // namespace

survey_handle::behavior_type survey(
  survey_handle::stateful_pointer<survey_state> self, health own,
  std::vector<surveyed> children) {
  install_manners(self);
  auto& answer = self->state.answer;
  answer = std::move(own);
  if (children.size() > most_children) {
    answer.facts.emplace_back(
      "not shown", std::to_string(children.size() - most_children));
    children.resize(most_children);
  }
  for (const auto& each : children) {
    health child;
    child.name = each.id;
    child.state = each.state;
    child.restarts = each.restarts;
    answer.children.push_back(std::move(child));
  }
  return {
    [self, children](atom::status) {
      auto promise = self->make_response_promise<health>();
      auto heard = [self, promise]() mutable {
        if (--self->state.missing > 0)
          return;
        promise.deliver(std::move(self->state.answer));
        self->quit();
      };
      // One more than the children: a floor without any answers, too.
      self->state.missing = children.size() + 1;
      for (size_t i = 0; i < children.size(); ++i) {
        if (!children[i].child) {
          heard();
          continue;
        }
        self
          ->request(
            caf::actor_cast<node_actor>(children[i].child), deadline,
            atom::status::value)
          .then(
            [self, i, heard](health& child) mutable {
              auto& place = self->state.answer.children[i];
              child.name = std::move(place.name);
              child.restarts = place.restarts;
              if (child.state == "up")
                child.state = std::move(place.state);
              place = std::move(child);
              heard();
            },
            [self, i, heard](const caf::error&) mutable {
              self->state.answer.children[i].state = "no answer";
              heard();
            });
      }
      heard();
      return promise;
    },
  };
}

} // namespace pier::actors
