#include "actors/runtime/supervision.hpp"
#include "test/support/actor_fixture.hpp"

#include <map>

namespace {

using namespace pier;
using namespace pier::test;
using namespace pier::actors;

struct worker_state {
  static const char* name;
  health describe() const {
    return {};
  }
};
const char* worker_state::name = "worker";

struct top_state {
  static const char* name;
  std::optional<supervision> children;
};
const char* top_state::name = "top";

/// What a test watches: births in order, and who lives now.
struct diary {
  std::vector<std::string> births;
  std::vector<std::string> deaths;
  std::map<std::string, node_actor> last;
  bool stubborn = false;
};

node_actor::behavior_type worker(
  node_actor::stateful_pointer<worker_state> self, std::string id,
  diary* notes) {
  install_manners(self);
  if (notes->stubborn)
    self->set_exit_handler([](caf::exit_msg&) {});
  self->attach_functor(
    [id, notes](const caf::error&) { notes->deaths.push_back(id); });
  return {on_status(self), on_fault(self)};
}

supervisor_actor::behavior_type top(
  supervisor_actor::stateful_pointer<top_state> self, diary* notes,
  std::vector<std::string> ids, restart when, fate tie, restart_budget budget) {
  auto& children = self->state.children;
  children.emplace(self, self->state.name, tie, budget, reporter{});
  for (const auto& id : ids)
    children->add(
      {id,
       [=] {
         auto child = self->spawn(worker, id, notes);
         notes->births.push_back(id);
         notes->last[id] = child;
         return caf::actor_cast<caf::actor>(child);
       },
       when, 200ms, id == "apart"});
  return {
    on_survey(self), on_fault(self),  on_fault_path(self), on_act_path(self),
    on_find(self),   on_revive(self), on_grace(self),
  };
}

class fixture : public actor_fixture {
public:
  ~fixture() {
    for (auto& [id, each] : notes.last)
      caf::anon_send_exit(each, caf::exit_reason::kill);
    notes.last.clear();
    run();
  }

  supervisor_actor make(
    std::vector<std::string> ids, restart when = restart::always,
    fate tie = fate::alone, restart_budget budget = {3, 5s, 10ms, 80ms}) {
    auto made = keep(
      system.spawn(top, &notes, std::move(ids), when, tie, budget));
    notes.births.clear();
    return made;
  }

  void crash(const std::string& id) {
    caf::anon_send(notes.last[id], atom::fault::value);
    run();
  }

  diary notes;
};

using names = std::vector<std::string>;

} // namespace

TEST_CASE_METHOD(fixture, "a child that dies of a bug is born again") {
  auto top = make({"a", "b"});
  crash("a");
  CHECK(notes.births == names{});
  pass(10ms);
  CHECK(notes.births == names{"a"});
}

TEST_CASE_METHOD(fixture, "a hundred that leave in time cost one timer") {
  names ids;
  for (int i = 0; i < 100; ++i)
    ids.push_back("w" + std::to_string(i));
  auto top = make(ids);
  using pointer = supervisor_actor::stateful_pointer<top_state>;
  auto self_of_top = dynamic_cast<pointer>(
    caf::actor_cast<caf::abstract_actor*>(top));
  for (const auto& id : ids)
    self_of_top->state.children->remove(id, [] {});
  run();
  CHECK(notes.deaths.size() == ids.size());
  CHECK(scheduler.clock().schedule().size() == 1);
}

TEST_CASE_METHOD(fixture, "the pause doubles with each death in the window") {
  auto top = make({"a"}, restart::always, fate::alone, {5, 60s, 10ms, 35ms});
  for (auto pause : {10, 20, 35, 35}) {
    notes.births.clear();
    crash("a");
    pass(std::chrono::milliseconds{pause - 1});
    CHECK(notes.births == names{});
    pass(1ms);
    CHECK(notes.births == names{"a"});
  }
}

TEST_CASE_METHOD(fixture, "four deaths in an hour are not too many") {
  auto top = make({"a"});
  for (int i = 0; i < 4; ++i) {
    crash("a");
    pass(15min);
  }
  CHECK(alive(caf::actor_cast<caf::actor>(top)));
}

TEST_CASE_METHOD(fixture, "a spent budget ends the supervisor") {
  auto top = make({"a", "b"});
  for (int i = 0; i < 4; ++i) {
    crash("a");
    pass(100ms);
  }
  CHECK_FALSE(alive(caf::actor_cast<caf::actor>(top)));
  CHECK_FALSE(alive(caf::actor_cast<caf::actor>(notes.last["b"])));
}

TEST_CASE_METHOD(fixture, "siblings whose fates are not tied live on") {
  auto top = make({"a", "b", "c"});
  crash("b");
  pass(1s);
  CHECK(notes.births == names{"b"});
  CHECK(notes.deaths == names{"b"});
}

TEST_CASE_METHOD(
  fixture, "the younger fall with their elder and rise after it") {
  auto top = make({"a", "b", "c"}, restart::always, fate::younger);
  crash("b");
  CHECK(notes.deaths == names{"b", "c"});
  CHECK(notes.births == names{});
  pass(1s);
  CHECK(notes.births == names{"b", "c"});
}

TEST_CASE_METHOD(fixture, "whoever stands apart falls alone") {
  auto top = make({"a", "apart", "b"}, restart::always, fate::younger);
  crash("a");
  pass(1s);
  CHECK(notes.deaths == names{"a", "b"});
  crash("apart");
  pass(1s);
  CHECK(notes.deaths == names{"a", "b", "apart"});
  CHECK(notes.births == names{"a", "b", "apart"});
}

TEST_CASE_METHOD(fixture, "nobody is reborn before all leavers have left") {
  notes.stubborn = true;
  auto top = make({"a", "b"}, restart::always, fate::younger);
  crash("a");
  pass(199ms);
  CHECK(notes.births == names{});
  pass(1ms); // b had its grace and is killed
  CHECK(notes.deaths == names{"a", "b"});
  CHECK(notes.births == names{"a", "b"});
}

TEST_CASE_METHOD(fixture, "a child that is never restarted stays dead") {
  auto top = make({"a"}, restart::never);
  crash("a");
  pass(1h);
  CHECK(notes.births == names{});
  CHECK(alive(caf::actor_cast<caf::actor>(top)));
}

TEST_CASE_METHOD(fixture, "a normal end is no failure") {
  auto top = make({"a"}, restart::on_failure);
  caf::anon_send_exit(notes.last["a"], caf::exit_reason::normal);
  run();
  caf::anon_send_exit(notes.last["a"], caf::exit_reason::user_shutdown);
  pass(1s);
  CHECK(alive(caf::actor_cast<caf::actor>(top)));
}

TEST_CASE_METHOD(fixture, "where fates are tied the youngest leaves first") {
  auto top = make({"a", "b", "c"}, restart::always, fate::younger);
  caf::anon_send_exit(top, caf::exit_reason::user_shutdown);
  run();
  CHECK(notes.deaths == names{"c", "b", "a"});
  CHECK_FALSE(alive(caf::actor_cast<caf::actor>(top)));
}

TEST_CASE_METHOD(fixture, "whoever does not leave is killed after its grace") {
  notes.stubborn = true;
  auto top = make({"a", "b"});
  caf::anon_send_exit(top, caf::exit_reason::user_shutdown);
  run();
  pass(199ms);
  CHECK(notes.deaths == names{});
  pass(1ms);
  CHECK(notes.deaths.size() == 2);
  CHECK_FALSE(alive(caf::actor_cast<caf::actor>(top)));
}

TEST_CASE_METHOD(fixture, "a supervisor that dies of a bug leaves no orphans") {
  auto top = make({"a", "b"});
  caf::anon_send(top, atom::fault::value);
  run();
  CHECK(notes.deaths.size() == 2);
}

TEST_CASE_METHOD(fixture, "a path leads to a descendant, or is refused") {
  auto top = make({"a", "a b/c"});
  auto [ok, no_error] = ask<done_t>(
    top, atom::fault::value, std::string{"a b/c"});
  CHECK(ok);
  CHECK(notes.deaths == names{"a b/c"});
  auto [none, why] = ask<done_t>(top, atom::fault::value, std::string{"z"});
  CHECK_FALSE(none);
  CHECK(caf::to_string(why).find("no actor at z") != std::string::npos);
}

TEST_CASE_METHOD(fixture, "status tells of every child and of who is silent") {
  auto top = make({"a", "b"});
  auto [answer, why] = ask<health>(top, atom::status::value);
  REQUIRE(answer);
  REQUIRE(answer->children.size() == 2);
  CHECK(answer->children[0].name == "a");
  CHECK(answer->children[0].state == "up");
  crash("b");
  auto again = ask<health>(top, atom::status::value).first;
  REQUIRE(again);
  CHECK(again->children[1].state == "restarting");
  CHECK(again->children[1].restarts == 1);
}

TEST_CASE_METHOD(fixture, "ten thousand crashes leave nothing behind") {
  auto top = make({"a"}, restart::always, fate::alone, {20'000, 1s, 1ms, 1ms});
  auto before = system.registry().running();
  for (int i = 0; i < 10'000; ++i) {
    crash("a");
    pass(1ms);
  }
  CHECK(notes.births.size() == 10'000);
  CHECK(system.registry().running() == before);
}
