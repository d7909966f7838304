#include "actors/root_settings.hpp"

#include "actors/forward_places.hpp"
#include "actors/runtime/count_from.hpp"
#include "actors/runtime/pledge.hpp"
#include "actors/runtime/refusal.hpp"
#include "actors/socks_place.hpp"
#include "config/difference.hpp"
#include "config/forward_changes.hpp"
#include "messages/socks_handles.hpp"
#include "net/gateway/address_plan.hpp"

#include <caf/all.hpp>

#include <initializer_list>
#include <string_view>
#include <type_traits>

namespace pier::actors {

namespace {

using pointer = root_pointer;

/// A section, or one key of it.
bool concern(
  const adoption& what, std::initializer_list<std::string_view> sections) {
  auto is_of = [](const setting_change& change, std::string_view section) {
    return change.row == section
      || change.row.starts_with(std::string{section} + ".");
  };
  for (const auto& each : what.changes)
    for (auto section : sections)
      if (is_of(each, section))
        return true;
  return false;
}

/// What the flows that run are to hear.
flow_terms terms_of(
  const adoption& what, const settings_ptr& by, const renumbering& addresses) {
  flow_terms out;
  if (concern(
        what,
        {"policy", "container", "ssh_agent", "proxy", "containers_proxy",
         "limits.descriptors"}))
    out.rules = {by, &by->policy};
  if (net::plan_network(addresses.was) != net::plan_network(addresses.is))
    out.addresses = std::make_shared<const renumbering>(addresses);
  return out;
}

/// A forward that leads to a container finds it where it lives then.
void renumber(pointer self, const renumbering& by) {
  self->state.args.network->renumber(by);
  auto forwards = self->state.children->child(root_state::forwards_id);
  if (forwards && !by.left.empty())
    caf::anon_send(
      caf::actor_cast<forwards_actor>(forwards), atom::vacated::value, by.left);
}

/// Cannot fail. Everybody hears what concerns him, and nobody else hears of it.
void change(
  pointer self, const adoption& what, const settings_ptr& by,
  const renumbering_ptr& addresses) {
  auto& args = self->state.args;
  args.with = by;
  if (args.adopted)
    args.adopted(by);
  if (concern(what, {"ports", "timeouts"}))
    args.network->adopt(by->ports, by->timeouts);
  if (addresses)
    renumber(self, *addresses);
  if (concern(what, {"network.direct"}))
    args.network->lead_directly(by->network.direct);
  auto dns = self->state.children->child(root_state::dns_id);
  if (dns && concern(what, {"dns", "network"}))
    caf::anon_send(caf::actor_cast<dns_actor>(dns), atom::adopt::value, by);
  auto containers = self->state.children->child(root_state::containers_id);
  if (containers && concern(what, {"ports", "timeouts", "limits", "network"}))
    caf::anon_send(
      caf::actor_cast<containers_actor>(containers), atom::adopt::value, by);
  auto socks = self->state.children->child(root_state::socks_id);
  if (socks && concern(what, {"socks", "network"}))
    caf::anon_send(caf::actor_cast<socks_actor>(socks), atom::adopt::value, by);
}

/// Null where it is not concerned, or dead for now.
template <class Handle>
Handle whom(pointer self, const char* id, bool is_concerned) {
  return caf::actor_cast<Handle>(
    is_concerned ? self->state.children->child(id) : caf::actor{});
}

using owed_adoption = std::shared_ptr<pledge<adoption>>;

/// The flows have ended; the answer waits until the kernel has followed. Where
/// the gateway dies over it, its next incarnation sees to that.
void follow(pointer self, const owed_adoption& owed, const adoption& told) {
  auto gateway = self->state.children->child(root_state::gateway_id);
  if (!gateway)
    return owed->deliver(told);
  self
    ->request(
      caf::actor_cast<gateway_actor>(gateway), caf::infinite,
      atom::adopt::value)
    .then(
      [owed, told](done_t) { owed->deliver(told); },
      [owed, told](const caf::error&) { owed->deliver(told); });
}

/// Adopts the settings, or weighs what that would cost. What the surroundings
/// say stays.
template <class Verb>
caf::result<adoption>
take_up(pointer self, Verb verb, const settings_ptr& wanted) {
  auto& args = self->state.args;
  auto next = std::make_shared<settings>(*wanted);
  next->paths = args.with->paths;
  auto addresses = args.network->can_renumber(next->network);
  if (!addresses)
    return to_caf(addresses.error());
  next->network = addresses->is;
  const auto was = args.with;
  if (next->network.direct && !was->network.direct)
    if (auto can = args.network->can_lead_directly(); !can)
      return to_caf(can.error());
  auto moved = config::forward_changes(was->forwards, next->forwards);
  if (auto free = reserve_new(*args.network, *was, *next, moved); !free)
    return to_caf(free.error());
  if (auto free = reserve_socks(*args.network, *was, *next); !free) {
    release_new(*args.network, *was, moved);
    return to_caf(free.error());
  }
  adoption told{config::diff(*was, *next), 0};
  auto terms = terms_of(told, next, *addresses);
  auto is_real = std::is_same_v<Verb, atom::adopt>;
  if (is_real) {
    change(self, told, next, terms.addresses);
  } else {
    release_new(*args.network, *was, moved);
    release_socks(*args.network, *was, *next);
  }
  auto promise = self->make_response_promise<adoption>();
  auto owed = std::make_shared<pledge<adoption>>(promise);
  auto conclude = [self, owed, told,
                   moves = is_real && terms.addresses](uint64_t ended) mutable {
    told.ended = ended;
    if (moves)
      follow(self, owed, told);
    else
      owed->deliver(told);
  };
  // Of whoever dies over it every flow has died, too: it is done all the same.
  auto ask_forwards = [self, verb, moved, conclude](uint64_t sum) mutable {
    auto add = [conclude, sum](uint64_t more) mutable { conclude(sum + more); };
    count_from(
      self, whom<forwards_actor>(self, root_state::forwards_id, !moved.empty()),
      add, verb, moved);
  };
  count_from(
    self,
    whom<containers_actor>(
      self, root_state::containers_id, terms.rules || terms.addresses),
    ask_forwards, verb, terms);
  return promise;
}

} // namespace

caf::result<adoption> adopt(pointer self, const settings_ptr& wanted) {
  return take_up(self, atom::adopt::value, wanted);
}

caf::result<adoption> weigh(pointer self, const settings_ptr& wanted) {
  return take_up(self, atom::weigh::value, wanted);
}

} // namespace pier::actors
