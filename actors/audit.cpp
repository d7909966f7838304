#include "actors/audit.hpp"

#include "actors/runtime/manners.hpp"

#include <caf/all.hpp>

#include <algorithm>
#include <utility>

namespace pier::actors {

const char* audit_state::name = "audit";

namespace {

using pointer = audit_actor::stateful_pointer<audit_state>;
using rows = std::vector<audit_row>;

void walk(
  const health& of, const std::string& front, std::set<std::string>& to) {
  for (const auto& each : of.children) {
    to.insert(front + each.name);
    walk(each, front + each.name + "/", to);
  }
}

/// What is the same thing in two looks.
std::string identity(const audit_row& of) {
  return std::string{to_string(of.what)} + " " + of.where + " " + of.thing;
}

/// Before what is said of it.
std::string path_in(const std::string& owner) {
  return owner.substr(0, owner.find(": "));
}

void finish(pointer self, rows found) {
  auto& state = self->state;
  state.owed->deliver(std::move(found));
  self->quit();
}

void look(pointer self) {
  auto& state = self->state;
  auto found = state.args.network->audit(state.flows, state.args.own);
  auto is_wrong = state.judge(found);
  if (!is_wrong || state.suspects) {
    for (auto& each : found)
      if (each.fault && !state.suspects->contains(identity(each))) {
        each.fault = false;
        each.owner = "in passing";
      }
    return finish(self, std::move(found));
  }
  state.suspects.emplace();
  for (const auto& each : found)
    if (each.fault)
      state.suspects->insert(identity(each));
  caf::delayed_anon_send(
    audit_actor{self}, audit_state::pause, atom::ask::value);
}

/// Whoever does not answer has nothing to say.
template <class T, class Then, class... Ts>
void ask(pointer self, Then then, const Ts&... words) {
  self->request(self->state.args.root, caf::infinite, words...)
    .then(then, [then](const caf::error&) { then(T{}); });
}

void take_forwards(pointer self, const std::vector<forward_info>& all) {
  for (const auto& each : all) {
    flow_info there;
    there.path = "forwards/" + to_string(each.listen);
    there.state = "open";
    there.to = each.what.to.at;
    there.names.push_back(each.what.to.path);
    self->state.flows.push_back(std::move(there));
  }
}

void gather(pointer self) {
  auto look_now = [self](const health& tree) {
    self->state.paths.clear();
    walk(tree, {}, self->state.paths);
    look(self);
  };
  auto ask_tree = [self, look_now](const std::vector<forward_info>& all) {
    take_forwards(self, all);
    ask<health>(self, look_now, atom::status::value);
  };
  auto ask_forwards = [self, ask_tree](const std::vector<flow_info>& all) {
    self->state.flows = all;
    ask<std::vector<forward_info>>(self, ask_tree, atom::enumerate::value);
  };
  ask<std::vector<flow_info>>(
    self, ask_forwards, atom::flows::value, std::string{});
}

} // namespace

health audit_state::describe() const {
  health out;
  out.kind = name;
  out.state = suspects ? "waiting" : "looking";
  return out;
}

bool audit_state::judge(rows& found) const {
  for (auto& each : found) {
    auto path = path_in(each.owner);
    auto is_actor = path.starts_with("containers/")
      || path.starts_with("forwards/") || path == "gateway" || path == "dns";
    if (each.fault || !is_actor || paths.contains(path))
      continue;
    each.fault = true;
    each.owner = "nobody's: " + path + " is not in the tree (" + each.owner
      + ")";
  }
  return std::any_of(found.begin(), found.end(), [](const audit_row& each) {
    return each.fault;
  });
}

audit_actor::behavior_type audit(pointer self, audit_args args) {
  install_manners(self);
  self->state.args = std::move(args);
  return {
    on_status(self),
    on_fault(self),
    [self](atom::audit) -> caf::result<rows> {
      auto promise = self->make_response_promise<rows>();
      self->state.owed.emplace(promise);
      gather(self);
      return promise;
    },
    [self](atom::ask) { gather(self); },
  };
}

} // namespace pier::actors
