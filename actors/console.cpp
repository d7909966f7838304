#include "actors/console.hpp"

#include "actors/runtime/refusal.hpp"
#include "actors/witness.hpp"

#include <caf/all.hpp>

namespace pier::actors {

const char* console_state::name = "console";

namespace {

using pointer = console_actor::stateful_pointer<console_state>;

/// All other paths begin below it.
constexpr auto root_path = "root";

constexpr size_t most_pending = 64;

error too_many() {
  return {ec::exhausted, "64 requests wait for their answer"};
}

/// What is said of it is said before it is done.
void record(pointer self, const std::string& about, const std::string& act) {
  auto& state = self->state;
  ++state.acts;
  state.args.news(
    {event::kind::console_acted, about, state.args.client + ": " + act});
}

/// Asks the root, and answers itself.
template <class R, class... Ts>
caf::result<R> ask_root(pointer self, Ts... words) {
  if (self->state.pending >= most_pending)
    return to_caf(too_many());
  ++self->state.pending;
  auto promise = self->template make_response_promise<R>();
  auto owed = std::make_shared<pledge<R>>(promise);
  self->request(self->state.args.root, caf::infinite, std::move(words)...)
    .then(
      [self, owed](R& answer) {
        --self->state.pending;
        owed->deliver(std::move(answer));
      },
      [self, owed](caf::error& why) {
        --self->state.pending;
        owed->deliver(std::move(why));
      });
  return promise;
}

caf::result<health> survey_root(pointer self) {
  return ask_root<health>(self, atom::status::value);
}

caf::result<done_t> strike(pointer self, const std::string& path) {
  record(self, {}, "fault " + path);
  if (path != root_path)
    return ask_root<done_t>(self, atom::fault::value, path);
  caf::anon_send(self->state.args.root, atom::fault::value);
  return done_t{};
}

caf::actor witness_of(pointer self, const caf::actor& whom) {
  return self->spawn(witness, whom, caf::actor_cast<caf::actor>(self));
}

caf::result<caf::actor> monitor(pointer self, const std::string& path) {
  if (path == root_path)
    return witness_of(self, caf::actor_cast<caf::actor>(self->state.args.root));
  if (self->state.pending >= most_pending)
    return to_caf(too_many());
  ++self->state.pending;
  auto promise = self->make_response_promise<caf::actor>();
  auto owed = std::make_shared<pledge<caf::actor>>(promise);
  self->request(self->state.args.root, caf::infinite, atom::find::value, path)
    .then(
      [self, owed](const caf::actor& found) {
        --self->state.pending;
        owed->deliver(witness_of(self, found));
      },
      [self, owed](caf::error& why) {
        --self->state.pending;
        owed->deliver(std::move(why));
      });
  return promise;
}

caf::result<std::string> convey(pointer self, const std::string& request) {
  auto& state = self->state;
  if (state.conveyed.size() >= most_pending)
    return to_caf(too_many());
  auto promise = self->make_response_promise<std::string>();
  auto id = ++state.last_id;
  state.conveyed.emplace(id, pledge<std::string>{promise});
  state.args.convey(state.args.number, id, request);
  return promise;
}

void hear_answer(pointer self, uint64_t id, const std::string& text) {
  auto found = self->state.conveyed.find(id);
  if (found == self->state.conveyed.end())
    return;
  found->second.deliver(text);
  self->state.conveyed.erase(found);
}

void follow(pointer self, const caf::actor& whom) {
  if (self->state.follower)
    self->demonitor(self->state.follower);
  self->state.follower = whom;
  self->monitor(whom);
}

} // namespace

console_state::~console_state() {
  args.news({event::kind::console_closed, {}, args.client + " has left"});
}

health console_state::describe() const {
  health out;
  out.kind = name;
  out.facts.emplace_back("client", args.client);
  if (acts > 0)
    out.facts.emplace_back("acts", std::to_string(acts));
  if (pending + conveyed.size() > 0)
    out.facts.emplace_back(
      "waiting", std::to_string(pending + conveyed.size()));
  return out;
}

console_actor::behavior_type console(pointer self, console_args args) {
  install_manners(self);
  self->state.args = std::move(args);
  self->set_down_handler([self](const caf::down_msg& gone) {
    if (self->state.follower && gone.source == self->state.follower)
      self->state.follower = nullptr;
  });
  // It ends when its client does, which is no fault.
  self->set_exit_handler([self](const caf::exit_msg&) { self->quit(); });
  self->state.args.news(
    {event::kind::console_opened, {}, self->state.args.client + " has come"});
  using ports = std::vector<bound_port>;
  return {
    on_status(self),
    on_fault(self),
    [self](atom::survey) { return survey_root(self); },
    [self](atom::list verb) {
      return ask_root<std::vector<container_info>>(self, verb);
    },
    [self](atom::inspect verb, const std::string& name) {
      return ask_root<container_info>(self, verb, name);
    },
    [self](atom::flows verb, const std::string& of) {
      return ask_root<std::vector<flow_info>>(self, verb, of);
    },
    [self](atom::enumerate verb) {
      return ask_root<std::vector<forward_info>>(self, verb);
    },
    [self](atom::wait verb, const std::string& name) {
      return ask_root<container_info>(self, verb, name);
    },
    [self](atom::stop verb, const std::string& name) {
      record(self, name, "stop " + name);
      return ask_root<done_t>(self, verb, name);
    },
    [self](atom::signal verb, const std::string& name, int number) {
      record(self, name, "signal " + name + " " + std::to_string(number));
      return ask_root<done_t>(self, verb, name, number);
    },
    [self](atom::publish verb, const std::string& name, const port_spec& what) {
      record(self, name, "publish " + name + " " + to_string(what));
      return ask_root<ports>(self, verb, name, what);
    },
    [self](
      atom::unpublish verb, const std::string& name, const port_spec& what) {
      record(self, name, "unpublish " + name + " " + to_string(what));
      return ask_root<done_t>(self, verb, name, what);
    },
    [self](atom::fault, const std::string& path) { return strike(self, path); },
    [self](atom::monitor, const std::string& path) {
      return monitor(self, path);
    },
    [self](atom::convey, const std::string& request) {
      return convey(self, request);
    },
    [self](atom::follow, const caf::actor& whom) { follow(self, whom); },
    [self](atom::answered, uint64_t id, const std::string& text) {
      hear_answer(self, id, text);
    },
    [self](atom::happened verb, const event& news) {
      if (self->state.follower)
        caf::anon_send(self->state.follower, verb, news);
    },
  };
}

} // namespace pier::actors
