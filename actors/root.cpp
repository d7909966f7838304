#include "actors/root.hpp"

#include "actors/containers.hpp"
#include "actors/dns.hpp"
#include "actors/forward_places.hpp"
#include "actors/forwards.hpp"
#include "actors/gateway.hpp"
#include "actors/runtime/gathering.hpp"
#include "actors/runtime/refusal.hpp"
#include "config/difference.hpp"
#include "config/forward_changes.hpp"

#include <caf/all.hpp>

#include <initializer_list>
#include <string_view>
#include <type_traits>

namespace pier::actors {

const char* root_state::name = "root";

namespace {

using pointer = root_actor::stateful_pointer<root_state>;

constexpr auto gateway_id = "gateway";
constexpr auto dns_id = "dns";
constexpr auto containers_id = "containers";
constexpr auto forwards_id = "forwards";

/// They live in the settings, and keep them alive.
policy_ptr rules_of(const root_args& args) {
  return {args.with, &args.with->policy};
}

void introduce(pointer self) {
  auto& children = *self->state.children;
  auto containers = children.child(containers_id);
  auto gateway = children.child(gateway_id);
  auto dns = children.child(dns_id);
  if (containers && gateway && dns)
    caf::anon_send(
      caf::actor_cast<containers_actor>(containers), atom::meet::value,
      caf::actor_cast<gateway_actor>(gateway), caf::actor_cast<dns_actor>(dns));
}

/// News of the containers, of which the forwards want to know who has ended.
reporter news_of_containers(pointer self) {
  return [me = root_actor{self}, news = self->state.args.news](const event& e) {
    if (e.what == event::kind::exited || e.what == event::kind::removed)
      caf::anon_send(me, atom::ended::value, e.container);
    news(e);
  };
}

void add_children(pointer self) {
  auto& children = *self->state.children;
  children.add({gateway_id, [self] {
                  const auto& args = self->state.args;
                  return caf::actor_cast<caf::actor>(
                    self->spawn(gateway, args.network, args.news));
                }});
  children.add({dns_id, [self] {
                  const auto& args = self->state.args;
                  return caf::actor_cast<caf::actor>(
                    self->spawn(dns, args.network, *args.with));
                }});
  children.add(
    {containers_id, [self] {
       const auto& args = self->state.args;
       return caf::actor_cast<caf::actor>(self->spawn(
         containers,
         containers_args{
           args.network, args.with, rules_of(args), news_of_containers(self)}));
     }});
  children.add(
    {forwards_id, [self] {
       const auto& args = self->state.args;
       return caf::actor_cast<caf::actor>(self->spawn(
         forwards,
         forwards_args{args.network, args.with->forwards, args.news}));
     }});
}

// -- settings -----------------------------------------------------------------

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

/// Cannot fail. Everybody hears what concerns him, and nobody else hears of it.
void change(pointer self, const adoption& what, const settings_ptr& by) {
  auto& args = self->state.args;
  args.with = by;
  if (args.adopted)
    args.adopted(by);
  if (concern(what, {"ports", "timeouts"}))
    args.network->adopt(by->ports, by->timeouts);
  auto dns = self->state.children->child(dns_id);
  if (dns && concern(what, {"dns", "network"}))
    caf::anon_send(caf::actor_cast<dns_actor>(dns), atom::adopt::value, by);
  auto containers = self->state.children->child(containers_id);
  if (containers && concern(what, {"ports", "timeouts", "limits"}))
    caf::anon_send(
      caf::actor_cast<containers_actor>(containers), atom::adopt::value, by);
}

/// Adopts the settings, or weighs what that would cost. What the surroundings
/// say stays.
template <class Verb>
caf::result<adoption>
take_up(pointer self, Verb verb, const settings_ptr& wanted) {
  auto& args = self->state.args;
  auto next = std::make_shared<settings>(*wanted);
  next->paths = args.with->paths;
  adoption answer{config::diff(*args.with, *next), 0};
  if (auto possible = config::check_live(answer.changes); !possible)
    return to_caf(possible.error());
  const auto was = args.with;
  auto moved = config::forward_changes(was->forwards, next->forwards);
  if (auto free = reserve_new(*args.network, *was, *next, moved); !free)
    return to_caf(free.error());
  if (std::is_same_v<Verb, atom::adopt>)
    change(self, answer, next);
  else
    release_new(*args.network, *was, moved);
  auto count = [](adoption& told, uint64_t ended) { told.ended += ended; };
  auto concerns_flows = concern(
    answer, {"policy", "container", "limits.descriptors"});
  gathering<adoption> all{
    self->make_response_promise<adoption>(), std::move(answer)};
  // If they die over it, every flow has died with them: it is done all the
  // same.
  auto containers = self->state.children->child(containers_id);
  if (containers && concerns_flows)
    all.ask<uint64_t>(
      self, caf::actor_cast<containers_actor>(containers), count, verb,
      policy_ptr{next, &next->policy});
  auto forwards = self->state.children->child(forwards_id);
  if (forwards && !moved.empty())
    all.ask<uint64_t>(
      self, caf::actor_cast<forwards_actor>(forwards), count, verb, moved);
  return all.answer();
}

// -- requests -----------------------------------------------------------------

caf::result<std::vector<forward_info>> enumerate(pointer self) {
  auto forwards = self->state.children->child(forwards_id);
  if (!forwards)
    return to_caf(
      {ec::interrupted, "the forwards are being restarted: try again"});
  return self->delegate(
    caf::actor_cast<forwards_actor>(forwards), atom::enumerate::value);
}

/// Passes a request on to the containers.
template <class R, class... Ts>
caf::result<R> pass_on(pointer self, Ts... words) {
  auto containers = self->state.children->child(containers_id);
  if (!containers)
    return to_caf(
      {ec::interrupted, "the containers are being restarted: try again"});
  return self->delegate(
    caf::actor_cast<containers_actor>(containers), std::move(words)...);
}

} // namespace

root_actor::behavior_type root(pointer self, root_args args) {
  auto& state = self->state;
  state.args = std::move(args);
  state.children.emplace(
    self, state.name, fate::alone, restart_budget{}, state.args.news);
  state.children->on_born = [self](const std::string&, const caf::actor&) {
    introduce(self);
  };
  add_children(self);
  using ports = std::vector<bound_port>;
  return {
    on_survey(self),
    on_fault(self),
    on_fault_path(self),
    on_revive(self),
    on_grace(self),
    [self](atom::run verb, const container_spec& spec, ticket stdio) {
      return pass_on<container_info>(self, verb, spec, stdio);
    },
    [self](atom::wait verb, const std::string& name) {
      return pass_on<container_info>(self, verb, name);
    },
    [self](atom::stop verb, const std::string& name) {
      return pass_on<done_t>(self, verb, name);
    },
    [self](atom::stop verb) { return pass_on<done_t>(self, verb); },
    [self](atom::signal verb, const std::string& name, int number) {
      return pass_on<done_t>(self, verb, name, number);
    },
    [self](atom::publish verb, const std::string& name, const port_spec& what) {
      return pass_on<ports>(self, verb, name, what);
    },
    [self](
      atom::unpublish verb, const std::string& name, const port_spec& what) {
      return pass_on<done_t>(self, verb, name, what);
    },
    [self](atom::list verb) {
      return pass_on<std::vector<container_info>>(self, verb);
    },
    [self](atom::inspect verb, const std::string& name) {
      return pass_on<container_info>(self, verb, name);
    },
    [self](atom::enumerate) { return enumerate(self); },
    [self](atom::ended verb, const std::string& container) {
      if (auto forwards = self->state.children->child(forwards_id))
        caf::anon_send(
          caf::actor_cast<forwards_actor>(forwards), verb, container);
    },
    [self](atom::adopt verb, const settings_ptr& by) {
      return take_up(self, verb, by);
    },
    [self](atom::weigh verb, const settings_ptr& by) {
      return take_up(self, verb, by);
    },
  };
}

} // namespace pier::actors
