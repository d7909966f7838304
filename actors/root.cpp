#include "actors/root.hpp"

#include "actors/containers.hpp"
#include "actors/dns.hpp"
#include "actors/gateway.hpp"
#include "actors/runtime/refusal.hpp"

#include <caf/all.hpp>

namespace pier::actors {

const char* root_state::name = "root";

namespace {

using pointer = root_actor::stateful_pointer<root_state>;

constexpr auto gateway_id = "gateway";
constexpr auto dns_id = "dns";
constexpr auto containers_id = "containers";

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
         containers_args{args.network, args.with, rules_of(args), args.news}));
     }});
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
    [self](atom::adopt verb, const dns_settings& by) {
      self->state.change([&](settings& now) { now.dns = by; });
      if (auto dns = self->state.children->child(dns_id))
        caf::anon_send(caf::actor_cast<dns_actor>(dns), verb, by);
    },
    [self](atom::adopt verb, const policy_ptr& by) {
      self->state.change([&](settings& now) { now.policy = *by; });
      return pass_on<uint64_t>(self, verb, rules_of(self->state.args));
    },
  };
}

} // namespace pier::actors
