#include "actors/capture.hpp"

#include "actors/runtime/manners.hpp"

#include <caf/all.hpp>

#include <utility>

namespace pier::actors {

const char* capture_state::name = "capture";

namespace {

using pointer = capture_actor::stateful_pointer<capture_state>;

void hear(pointer self, const tap_event& news) {
  auto& state = self->state;
  switch (news.what) {
    case tap_event::kind::opened: {
      state.open = true;
      const auto& args = state.args;
      state.report(event::kind::capture_begun, "sees " + args.text);
      if (state.owed)
        state.owed->deliver(capture_grant{
          args.wish.container, news.link, args.filter, args.text, news.number});
      return;
    }
    case tap_event::kind::refused:
      if (state.owed)
        state.owed->deliver(to_caf(news.why));
      return self->quit();
    case tap_event::kind::ended:
      return self->quit();
  }
}

} // namespace

capture_state::~capture_state() {
  if (!open)
    return;
  if (!last_words.empty())
    tap->end(last_words);
  report(event::kind::capture_ended, "sees no more");
}

health capture_state::describe() const {
  health out;
  out.kind = name;
  out.state = open ? "up" : "opening";
  out.facts.emplace_back("client", args.wish.client);
  if (args.wish.port)
    out.facts.emplace_back("port", to_string(*args.wish.port));
  return out;
}

void capture_state::report(event::kind what, const std::string& text) const {
  args.news({what, args.wish.container, args.wish.client + " " + text});
}

capture_actor::behavior_type capture(pointer self, capture_args args) {
  install_manners(self);
  auto& state = self->state;
  state.args = std::move(args);
  self->set_exit_handler([self](const caf::exit_msg& order) {
    if (order.reason == caf::exit_reason::user_shutdown)
      self->state.last_words = "container " + self->state.args.wish.container
        + " has ended";
    self->quit(order.reason);
  });
  state.tap = state.args.premises->tap(
    [me = capture_actor{self}](const tap_event& news) {
      caf::anon_send(me, atom::happened::value, news);
    });
  return {
    on_status(self),
    on_fault(self),
    [self](atom::open) -> caf::result<capture_grant> {
      auto promise = self->make_response_promise<capture_grant>();
      self->state.owed.emplace(promise);
      return promise;
    },
    [self](atom::adopt, const lease&) {
      // What lets the packets of a port in names addresses that are left.
      if (!self->state.args.wish.port)
        return;
      self->state.last_words = "the address of container "
        + self->state.args.wish.container
        + " is another one by new settings: begin anew";
      self->quit();
    },
    [self](atom::happened, const tap_event& news) { hear(self, news); },
  };
}

} // namespace pier::actors
