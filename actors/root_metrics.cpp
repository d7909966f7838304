#include "actors/root_metrics.hpp"

#include "actors/runtime/gathering.hpp"
#include "messages/socks_handles.hpp"

#include <caf/all.hpp>

namespace pier::actors {

namespace {

using tallies = std::vector<named_tally>;

metrics count_own(root_pointer self) {
  const auto& network = *self->state.args.network;
  auto cache = network.count_dns_cache();
  metrics out;
  out.restarts = network.restarts;
  out.cached = cache.entries;
  out.cache_hits = cache.hits;
  out.cache_misses = cache.misses;
  out.relays = network.relay_times();
  out.actors = self->home_system().registry().running();
  return out;
}

void add_forwards(metrics& sum, const tallies& some) {
  sum.forwards.insert(sum.forwards.end(), some.begin(), some.end());
}

} // namespace

caf::result<metrics> count(root_pointer self) {
  gathering<metrics> all{
    self->make_response_promise<metrics>(), count_own(self)};
  auto& children = *self->state.children;
  if (auto child = children.child(root_state::containers_id))
    all.ask<tallies>(
      self, caf::actor_cast<containers_actor>(child),
      [](metrics& sum, const tallies& some) { sum.containers = some; },
      atom::tally::value);
  if (auto child = children.child(root_state::forwards_id))
    all.ask<tallies>(
      self, caf::actor_cast<forwards_actor>(child), add_forwards,
      atom::tally::value);
  if (auto child = children.child(root_state::socks_id))
    all.ask<tallies>(
      self, caf::actor_cast<socks_actor>(child), add_forwards,
      atom::tally::value);
  return all.answer();
}

} // namespace pier::actors
