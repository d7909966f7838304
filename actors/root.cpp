#include "actors/root.hpp"

#include "actors/consoles.hpp"
#include "actors/containers.hpp"
#include "actors/dns.hpp"
#include "actors/forwards.hpp"
#include "actors/gateway.hpp"
#include "actors/root_audit.hpp"
#include "actors/root_capture.hpp"
#include "actors/root_metrics.hpp"
#include "actors/root_settings.hpp"
#include "actors/runtime/refusal.hpp"
#include "actors/socks.hpp"
#include "actors/tree_path.hpp"
#include "actors/why_port.hpp"

#include <caf/all.hpp>

namespace pier::actors {

const char* root_state::name = "root";

namespace {

using pointer = root_pointer;

/// They live in the settings, and keep them alive.
policy_ptr rules_of(const root_args& args) {
  return {args.with, &args.with->policy};
}

void introduce(pointer self) {
  auto& children = *self->state.children;
  auto containers = children.child(root_state::containers_id);
  auto gateway = children.child(root_state::gateway_id);
  auto dns = children.child(root_state::dns_id);
  auto socks = children.child(root_state::socks_id);
  if (!gateway || !dns)
    return;
  auto meet = [&](auto whom) {
    if (whom)
      caf::anon_send(
        whom, atom::meet::value, caf::actor_cast<gateway_actor>(gateway),
        caf::actor_cast<dns_actor>(dns));
  };
  meet(caf::actor_cast<containers_actor>(containers));
  meet(caf::actor_cast<socks_actor>(socks));
}

/// News of the containers, of which the forwards want to know who has ended.
reporter news_of_containers(pointer self) {
  const auto& news = self->state.args.news;
  return news.by_way_of([me = root_actor{self}, news](event e) {
    if (e.container.empty())
      e.container = container_on(e.path);
    if (e.what == event::kind::exited || e.what == event::kind::removed)
      caf::anon_send(me, atom::ended::value, e.container);
    news(e);
  });
}

void add_children(pointer self) {
  auto& children = *self->state.children;
  children.add(
    {root_state::gateway_id, [self] {
       const auto& args = self->state.args;
       return caf::actor_cast<caf::actor>(self->spawn(
         gateway, args.network, args.news.below(root_state::gateway_id)));
     }});
  children.add({root_state::dns_id, [self] {
                  const auto& args = self->state.args;
                  return caf::actor_cast<caf::actor>(
                    self->spawn(dns, args.network, *args.with));
                }});
  children.add(
    {root_state::containers_id, [self] {
       const auto& args = self->state.args;
       return caf::actor_cast<caf::actor>(self->spawn(
         containers,
         containers_args{
           args.network, args.with, rules_of(args),
           news_of_containers(self).below(root_state::containers_id)}));
     }});
  children.add({root_state::forwards_id, [self] {
                  const auto& args = self->state.args;
                  return caf::actor_cast<caf::actor>(self->spawn(
                    forwards,
                    forwards_args{
                      args.network, args.with->forwards,
                      args.news.below(root_state::forwards_id)}));
                }});
  children.add(
    {root_state::socks_id, [self] {
       const auto& args = self->state.args;
       return caf::actor_cast<caf::actor>(self->spawn(
         socks,
         socks_args{
           args.network, args.with, args.news.below(root_state::socks_id)}));
     }});
  if (self->state.args.convey)
    children.add({root_state::consoles_id, [self] {
                    const auto& args = self->state.args;
                    return caf::actor_cast<caf::actor>(self->spawn(
                      consoles,
                      consoles_args{
                        root_actor{self}, args.convey,
                        args.news.below(root_state::consoles_id)}));
                  }});
}

// -- requests -----------------------------------------------------------------

caf::result<std::vector<forward_info>> enumerate(pointer self) {
  auto forwards = self->state.children->child(root_state::forwards_id);
  if (!forwards)
    return to_caf(
      {ec::interrupted, "the forwards are being restarted: try again"});
  return self->delegate(
    caf::actor_cast<forwards_actor>(forwards), atom::enumerate::value);
}

caf::result<console_actor>
attach(pointer self, uint64_t number, const std::string& client) {
  auto consoles = self->state.children->child(root_state::consoles_id);
  if (!consoles)
    return to_caf(
      {ec::interrupted, "the consoles are being restarted: try again"});
  return self->delegate(
    caf::actor_cast<consoles_actor>(consoles), atom::attach::value, number,
    client);
}

/// One forward of all, as those say.
explanation find_forward(
  const host_port& which, const std::string& path,
  const std::vector<forward_info>& all) {
  for (const auto& each : all)
    if (path.ends_with('/' + to_string(each.listen)))
      return explain_forward(which, each);
  return explain_stranger(
    which, " (held by a forward that is being restarted)");
}

/// Passes a request on to the containers.
template <class R, class... Ts>
caf::result<R> pass_on(pointer self, Ts... words) {
  auto containers = self->state.children->child(root_state::containers_id);
  if (!containers)
    return to_caf(
      {ec::interrupted, "the containers are being restarted: try again"});
  return self->delegate(
    caf::actor_cast<containers_actor>(containers), std::move(words)...);
}

caf::result<explanation> explain(pointer self, const host_port& which) {
  auto& network = *self->state.args.network;
  auto path = path_of(network, which);
  if (auto name = container_on(path); !name.empty())
    return pass_on<explanation>(self, atom::explain::value, name, which);
  if (path == root_state::socks_id)
    return explain_socks(which);
  auto forwards = self->state.children->child(root_state::forwards_id);
  if (path.empty() || !forwards)
    return explain_stranger(which, network.look().holder_of(which));
  auto promise = self->make_response_promise<explanation>();
  auto owed = std::make_shared<pledge<explanation>>(promise);
  self
    ->request(
      caf::actor_cast<forwards_actor>(forwards), caf::infinite,
      atom::enumerate::value)
    .then(
      [owed, which, path](const std::vector<forward_info>& all) {
        owed->deliver(find_forward(which, path, all));
      },
      [owed](const caf::error& why) { owed->deliver(why); });
  return promise;
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
  state.children->on_restart = [self](const std::string& id) {
    ++self->state.args.network->restarts[id];
  };
  add_children(self);
  using ports = std::vector<bound_port>;
  return {
    on_survey(self),
    on_fault(self),
    on_fault_path(self),
    on_find(self),
    on_act_path(self),
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
    [self](atom::tally) { return count(self); },
    [self](atom::flows verb, const std::string& of) {
      return pass_on<std::vector<flow_info>>(self, verb, of);
    },
    [self](atom::attach, uint64_t number, const std::string& client) {
      return attach(self, number, client);
    },
    [self](atom::explain verb, const std::string& name, const destination& to) {
      return pass_on<explanation>(self, verb, name, to);
    },
    [self](atom::explain, const host_port& which) {
      return explain(self, which);
    },
    [self](atom::capture, const std::string& what, const std::string& client) {
      return begin_capture(self, what, client);
    },
    [self](atom::audit, const audit_marks& own) {
      return begin_audit(self, own);
    },
    [self](atom::ended verb, const std::string& container) {
      if (auto forwards = self->state.children->child(root_state::forwards_id))
        caf::anon_send(
          caf::actor_cast<forwards_actor>(forwards), verb, container);
    },
    [self](atom::adopt, const settings_ptr& by) { return adopt(self, by); },
    [self](atom::weigh, const settings_ptr& by) { return weigh(self, by); },
  };
}

} // namespace pier::actors
