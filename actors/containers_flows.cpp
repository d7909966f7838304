#include "actors/containers_flows.hpp"

#include "actors/runtime/gathering.hpp"

#include <caf/all.hpp>

namespace pier::actors {

caf::result<std::vector<flow_info>>
list_flows(containers_pointer self, const std::string& of) {
  using flows = std::vector<flow_info>;
  const auto& state = self->state;
  if (!of.empty() && state.there.count(of) == 0 && state.records.count(of) == 0)
    return no_such_container(of);
  gathering<flows> all{self->make_response_promise<flows>()};
  self->state.children->for_each(
    [&](const std::string& name, const caf::actor& child) {
      if (!of.empty() && name != of)
        return;
      auto add = [name](flows& sum, const flows& some) {
        for (auto each : some) {
          each.container = name;
          each.path = std::string{containers_state::name} + "/" + name + "/"
            + each.path;
          sum.push_back(std::move(each));
        }
      };
      all.ask<flows>(
        self, caf::actor_cast<container_actor>(child), add, atom::flows::value);
    });
  return all.answer();
}

caf::result<std::vector<named_tally>> count(containers_pointer self) {
  using tallies = std::vector<named_tally>;
  gathering<tallies> all{self->make_response_promise<tallies>()};
  for (const auto& [name, where] : self->state.there) {
    auto add = [name = name, counted = where->counted](tallies& sum) {
      sum.push_back({name, *counted});
    };
    // Of one that is dead for now nothing is missing: nothing flows.
    if (auto child = self->state.children->child(name))
      all.ask<done_t>(
        self, caf::actor_cast<container_actor>(child),
        [add](tallies& sum, done_t) { add(sum); }, atom::tally::value);
    else
      all.expect()(add);
  }
  return all.answer();
}

} // namespace pier::actors
