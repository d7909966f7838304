#include "test/actors/adopting_fixture.hpp"

namespace {

using namespace pier;
using namespace pier::test;
using kind = agent_request::kind;

class fixture : public adopting_fixture {
public:
  fixture() : web(running("web")) {}

  std::shared_ptr<talk_record> client() {
    web->agent_clients.comes();
    run();
    REQUIRE(!web->agent_clients.talks.empty());
    return web->agent_clients.talks.back();
  }

  void ask_for(
    const std::shared_ptr<talk_record>& who, kind what,
    const std::string& key = {}) {
    who->sink({agent_event::kind::asked, {what, key, "to sign"}, 7, {}});
    run();
  }

  /// Answers what the terms were that it was allowed on; nothing: refused.
  std::optional<ssh_agent_terms>
  allowed(kind what, const std::string& key = {}) {
    auto who = client();
    ask_for(who, what, key);
    if (who->allowed.empty()) {
      CHECK(who->refused == 1);
      return std::nullopt;
    }
    CHECK(who->refused == 0);
    return who->allowed.front();
  }

  std::string last_use() {
    for (auto each = news.rbegin(); each != news.rend(); ++each)
      if (each->what == event::kind::ssh_agent)
        return each->text;
    return {};
  }

  settings next;
  std::shared_ptr<fake_premises> web;
};

} // namespace

TEST_CASE_METHOD(fixture, "to look and to sign is allowed, to change is not") {
  CHECK(allowed(kind::list));
  CHECK(allowed(kind::sign, "SHA256:a"));
  CHECK(allowed(kind::bind));
  CHECK_FALSE(allowed(kind::change));
  CHECK_FALSE(allowed(kind::other));
}

TEST_CASE_METHOD(fixture, "each use is an event, with who and by which key") {
  allowed(kind::sign, "SHA256:a");
  CHECK(last_use() == "process 7 asked to sign with SHA256:a: allowed");
  CHECK(news.back().container == "web");
}

TEST_CASE_METHOD(fixture, "a key that is not for the container is refused") {
  next.policy.ssh_agent.keys = {"SHA256:a"};
  next.policy.containers["web"].ssh_agent.keys = {{"SHA256:b"}};
  adopt(next);
  CHECK(allowed(kind::list)->keys == std::vector<std::string>{"SHA256:b"});
  CHECK(allowed(kind::sign, "SHA256:b"));
  CHECK_FALSE(allowed(kind::sign, "SHA256:a"));
}

TEST_CASE_METHOD(fixture, "new terms hold for clients that are there") {
  auto there = client();
  next.policy.ssh_agent.enabled = false;
  adopt(next);
  ask_for(there, kind::list);
  CHECK(there->refused == 1);
}

TEST_CASE_METHOD(fixture, "a key waits for a yes, a look does not") {
  next.policy.ssh_agent.confirm = "ask";
  adopt(next);
  CHECK(allowed(kind::list));
  auto who = client();
  auto yes = GENERATE(true, false);
  ask_for(who, kind::sign, "SHA256:a");
  CHECK((who->allowed.empty() && who->refused == 0));
  REQUIRE(network.confirmations.size() == 1);
  auto& asked = network.confirmations.front();
  CHECK(asked.command == "ask");
  CHECK(
    asked.variables
    == std::vector<std::string>{
      "PIER_CONTAINER=web", "PIER_KEY=SHA256:a", "PIER_PROCESS=7"});
  asked.said(yes);
  run();
  CHECK(who->allowed.size() == (yes ? 1 : 0));
  CHECK(who->refused == (yes ? 0 : 1));
}

TEST_CASE_METHOD(fixture, "a yes that comes after a no of the settings is no") {
  next.policy.ssh_agent.confirm = "ask";
  adopt(next);
  auto who = client();
  ask_for(who, kind::sign, "SHA256:a");
  next.policy.ssh_agent.enabled = false;
  adopt(next);
  network.confirmations.front().said(true);
  run();
  CHECK(who->allowed.empty());
  CHECK(who->refused == 1);
}

TEST_CASE_METHOD(fixture, "who stops takes its clients along") {
  auto who = client();
  auto asked = self->request(
    root, caf::infinite, atom::stop::value, std::string{"web"});
  run();
  web->exited(0);
  run();
  asked.receive([](done_t) {}, [](caf::error&) { FAIL("no stop"); });
  CHECK(who->over);
}

TEST_CASE_METHOD(fixture, "a bug in it ends its clients and nothing else") {
  auto flow = leave(web);
  auto who = client();
  crash("containers/web/ssh_agent");
  CHECK(who->over);
  CHECK(flow->alive);
  CHECK(allowed(kind::list));
}

TEST_CASE_METHOD(fixture, "a bug in the sessions leaves it alone") {
  auto who = client();
  crash("containers/web/sessions");
  CHECK_FALSE(who->over);
}

TEST_CASE_METHOD(fixture, "the sixty-fifth client at once is hung up on") {
  std::vector<std::shared_ptr<talk_record>> all;
  for (auto i = 0; i < 64; ++i)
    all.push_back(client());
  CHECK(client()->over);
  CHECK_FALSE(all.front()->over);
  all.front()->sink({agent_event::kind::ended, {}, 7, {}});
  run();
  CHECK_FALSE(client()->over);
}

TEST_CASE_METHOD(fixture, "no agent is told as what it is") {
  auto who = client();
  ask_for(who, kind::list);
  who->sink(
    {agent_event::kind::unreachable,
     {kind::list, {}, "which keys there are"},
     7,
     {ec::refused, "no SSH agent"}});
  run();
  CHECK(last_use().ends_with("failed, no SSH agent"));
}
