#include "actors/console.hpp"
#include "actors/consoles.hpp"
#include "actors/root.hpp"
#include "test/support/actor_fixture.hpp"

namespace pier::actors {

namespace {

using namespace test;

/// A root with one console, and what its embedder hears.
struct attached : actor_fixture {
  struct conveyance {
    uint64_t console;
    uint64_t id;
    std::string request;
  };

  attached() {
    root_args args;
    args.network = &network;
    args.with = std::make_shared<const settings>();
    args.news = [this](const event& what) { news.push_back(what); };
    args.convey =
      [this](uint64_t number, uint64_t id, const std::string& request) {
        conveyed.push_back({number, id, request});
      };
    top = keep(system.spawn(root, args));
    console = *ask<console_actor>(
                 top, atom::attach::value, uint64_t{7}, std::string{"ann"})
                 .first;
  }

  size_t told(event::kind what, const std::string& text) const {
    auto is_it = [&](const event& each) {
      return each.what == what && each.text == text;
    };
    return static_cast<size_t>(std::count_if(news.begin(), news.end(), is_it));
  }

  bool has_child(const std::string& name) {
    auto tree = *ask<health>(top, atom::status::value).first;
    for (const auto& each : tree.children)
      if (each.name == "consoles")
        for (const auto& child : each.children)
          if (child.name == name)
            return true;
    return false;
  }

  std::vector<conveyance> conveyed;
  root_actor top;
  console_actor console;
};

} // namespace

TEST_CASE_METHOD(
  attached, "a console is in the tree, and its client in the log") {
  CHECK(has_child("7"));
  CHECK(told(event::kind::console_opened, "ann has come") == 1);
  caf::anon_send_exit(console, caf::exit_reason::user_shutdown);
  run();
  CHECK(!has_child("7"));
  CHECK(told(event::kind::console_closed, "ann has left") == 1);
  // To leave is no fault.
  auto is_fault = [](const event& each) {
    return each.what == event::kind::fault;
  };
  CHECK(std::none_of(news.begin(), news.end(), is_fault));
}

TEST_CASE_METHOD(attached, "what is read is answered, and is not in the log") {
  auto tree = ask<health>(console, atom::survey::value).first;
  REQUIRE(tree);
  CHECK(tree->kind == "root");
  CHECK(ask<std::vector<container_info>>(console, atom::list::value).first);
  CHECK(ask<std::vector<forward_info>>(console, atom::enumerate::value).first);
  CHECK(ask<std::vector<flow_info>>(console, atom::flows::value, std::string{})
          .first);
  for (const auto& each : news)
    CHECK(each.what != event::kind::console_acted);
}

TEST_CASE_METHOD(
  attached, "an act is in the log with its client, also a refused one") {
  auto refused = ask<done_t>(console, atom::stop::value, std::string{"web"});
  CHECK(!refused.first);
  CHECK(told(event::kind::console_acted, "ann: stop web") == 1);
  CHECK(ask<done_t>(console, atom::fault::value, std::string{"dns"}).first);
  CHECK(told(event::kind::console_acted, "ann: fault dns") == 1);
  CHECK(told(event::kind::fault, "root/dns: injected fault") == 1);
}

TEST_CASE_METHOD(attached, "whoever asks sees nobody but his console") {
  auto asked = self->request(console, caf::infinite, atom::list::value);
  run();
  asked.receive(
    [&](std::vector<container_info>&) {
      CHECK(
        self->current_sender()
        == caf::actor_cast<caf::strong_actor_ptr>(console));
    },
    [&](caf::error&) { FAIL("it is refused"); });
}

TEST_CASE_METHOD(
  attached, "who is monitored is a witness, who dies as the actor does") {
  auto witness = *ask<caf::actor>(
                    console, atom::monitor::value, std::string{"dns"})
                    .first;
  self->monitor(witness);
  run();
  // The power over the witness is none over the actor.
  CHECK(ask<done_t>(console, atom::fault::value, std::string{"dns"}).first);
  std::optional<caf::error> why;
  self->receive(
    [&](caf::down_msg& death) { why = death.reason; }, caf::after(0s) >> [] {});
  REQUIRE(why);
  CHECK(why->context().get_as<std::string>(0) == "injected fault");

  auto other = *ask<caf::actor>(
                  console, atom::monitor::value, std::string{"gateway"})
                  .first;
  auto before = news.size();
  caf::anon_send_exit(other, caf::exit_reason::kill);
  run();
  CHECK(news.size() == before);
}

TEST_CASE_METHOD(attached, "a witness goes when its console does") {
  auto witness = *ask<caf::actor>(
                    console, atom::monitor::value, std::string{"root"})
                    .first;
  CHECK(alive(witness));
  caf::anon_send_exit(console, caf::exit_reason::user_shutdown);
  run();
  CHECK(!alive(witness));
}

TEST_CASE_METHOD(attached, "nobody can be monitored where nobody is") {
  CHECK(!ask<caf::actor>(console, atom::monitor::value, std::string{"nowhere"})
           .first);
}

TEST_CASE_METHOD(attached, "what is conveyed is answered in any order") {
  auto first = self->request(
    console, caf::infinite, atom::convey::value, std::string{"a"});
  auto second = self->request(
    console, caf::infinite, atom::convey::value, std::string{"b"});
  run();
  REQUIRE(conveyed.size() == 2);
  CHECK(conveyed[0].console == 7);
  for (auto each : {1U, 0U})
    caf::anon_send(
      console, atom::answered::value, conveyed[each].id,
      "to " + conveyed[each].request);
  // An answer that nobody waits for is nothing.
  caf::anon_send(
    console, atom::answered::value, uint64_t{99}, std::string{"?"});
  run();
  auto fail = [](caf::error&) { FAIL("it is refused"); };
  second.receive([](std::string& text) { CHECK(text == "to b"); }, fail);
  first.receive([](std::string& text) { CHECK(text == "to a"); }, fail);
}

TEST_CASE_METHOD(
  attached, "one request too many is refused, and the others wait") {
  for (int i = 0; i < 64; ++i)
    self->send(console, atom::convey::value, std::string{"slow"});
  run();
  auto late = ask<std::string>(
    console, atom::convey::value, std::string{"late"});
  CHECK(!late.first);
  CHECK(conveyed.size() == 64);
}

TEST_CASE_METHOD(attached, "events go to who follows, as long as he lives") {
  caf::scoped_actor follower{system};
  caf::anon_send(
    console, atom::follow::value, caf::actor_cast<caf::actor>(follower));
  caf::anon_send(
    console, atom::happened::value, event{event::kind::warning, {}, "look"});
  run();
  std::string text;
  follower->receive(
    [&](atom::happened, const event& what) { text = what.text; },
    caf::after(0s) >> [] {});
  CHECK(text == "look");
}

TEST_CASE_METHOD(
  attached,
  "a console that meets a bug takes nobody along, and who waits hears of it") {
  auto waits = self->request(
    console, caf::infinite, atom::convey::value, std::string{"a"});
  run();
  caf::anon_send(console, atom::fault::value);
  run();
  CHECK(!has_child("7"));
  CHECK(told(event::kind::fault, "consoles/7: injected fault") == 1);
  CHECK(told(event::kind::console_closed, "ann has left") == 1);
  waits.receive(
    [](std::string&) { FAIL("nobody can have answered"); }, [](caf::error&) {});
  CHECK(ask<health>(top, atom::status::value).first);
}

} // namespace pier::actors
