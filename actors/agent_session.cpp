#include "actors/agent_session.hpp"

#include "actors/runtime/manners.hpp"

#include <caf/all.hpp>

#include <algorithm>

namespace pier::actors {

const char* agent_session_state::name = "agent_session";

namespace {

using pointer = agent_session_actor::stateful_pointer<agent_session_state>;
using request = agent_request::kind;

void ask_person(pointer self) {
  auto& state = self->state;
  state.waits = true;
  state.args.network->confirm(
    state.args.terms.confirm,
    {"PIER_CONTAINER=" + state.args.premises->spec().name,
     "PIER_KEY=" + state.asked.what.key,
     "PIER_PROCESS=" + std::to_string(state.asked.process)},
    [me = agent_session_actor{self}](bool yes) {
      caf::anon_send(me, atom::confirmed::value, yes);
    });
}

void hear_request(pointer self, const agent_event& news) {
  auto& state = self->state;
  state.asked = news;
  ++state.requests;
  if (const auto* why = state.objection(news.what))
    return state.refuse(why);
  if (news.what.what == request::sign && !state.args.terms.confirm.empty())
    return ask_person(self);
  state.allow();
}

} // namespace

health agent_session_state::describe() const {
  health out;
  out.kind = name;
  if (asked.process != 0)
    out.facts.emplace_back("process", std::to_string(asked.process));
  out.facts.emplace_back("requests", std::to_string(requests));
  if (waits)
    out.facts.emplace_back("waits", "for a yes or a no");
  return out;
}

const char* agent_session_state::objection(const agent_request& what) const {
  const auto& terms = args.terms;
  if (!terms.enabled)
    return "ssh_agent.enabled is false";
  switch (what.what) {
    case request::sign: {
      auto end = terms.keys.end();
      auto known = std::find(terms.keys.begin(), end, what.key) != end;
      return terms.keys.empty() || known
        ? nullptr
        : "the key is not among ssh_agent.keys";
    }
    case request::change:
      return terms.changes ? nullptr : "ssh_agent.changes is false";
    case request::other:
      return "it is no request that is known";
    default:
      return nullptr;
  }
}

void agent_session_state::allow() {
  talk->allow(args.terms);
  tell("allowed");
}

void agent_session_state::refuse(const std::string& why) {
  talk->refuse();
  tell("refused, " + why);
}

void agent_session_state::tell(const std::string& outcome) const {
  // That one changes nothing, and goes before every signature.
  if (asked.what.what == request::bind)
    return;
  auto key = asked.what.key.empty() ? "" : " with " + asked.what.key;
  auto who = asked.process == 0 ? "a process"
                                : "process " + std::to_string(asked.process);
  args.told(who + " asked " + asked.what.text + key + ": " + outcome);
}

agent_session_actor::behavior_type
agent_session(pointer self, ticket client, agent_session_args args) {
  install_manners(self);
  auto& state = self->state;
  state.args = std::move(args);
  state.talk = state.args.premises->agent()->claim(
    client, [me = agent_session_actor{self}](const agent_event& news) {
      caf::anon_send(me, atom::happened::value, news);
    });
  if (!state.talk)
    self->quit();
  return {
    on_status(self),
    on_fault(self),
    [self](atom::adopt, const ssh_agent_terms& by) {
      self->state.args.terms = by;
    },
    [self](atom::happened, const agent_event& news) {
      switch (news.news) {
        case agent_event::kind::asked:
          return hear_request(self, news);
        case agent_event::kind::unreachable:
          return self->state.tell("failed, " + news.why.text);
        case agent_event::kind::ended:
          return self->quit();
      }
    },
    [self](atom::confirmed, bool yes) {
      auto& st = self->state;
      st.waits = false;
      // The terms may be others by now.
      if (const auto* why = st.objection(st.asked.what))
        st.refuse(why);
      else if (yes)
        st.allow();
      else
        st.refuse("ssh_agent.confirm said no");
    },
  };
}

} // namespace pier::actors
