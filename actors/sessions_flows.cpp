#include "actors/sessions_flows.hpp"

#include "actors/runtime/gathering.hpp"

#include <caf/all.hpp>

namespace pier::actors {

namespace {

/// Of the container, and of the port that the flow came in by, if that is still
/// there.
template <class Count>
void count_in(
  tally& all, const flow& what, const std::string& port, Count count) {
  count(all.of(what.way, what.proto));
  if (auto found = all.ports.find(port); found != all.ports.end())
    count(found->second);
}

void count_more(
  tally& all, const flow& what, const std::string& port, const traffic& more) {
  count_in(all, what, port, [&](flow_tally& each) {
    each.bytes.sent += more.sent;
    each.bytes.received += more.received;
  });
}

/// Asks every session; `add` hears its id, too.
template <class Answer, class T, class Verb, class Add>
caf::result<T> ask_each(sessions_pointer self, Verb verb, Add add) {
  gathering<T> all{self->make_response_promise<T>()};
  self->state.children->for_each(
    [&](const std::string& id, const caf::actor& child) {
      if (sessions_state::is_flow(id))
        all.template ask<Answer>(
          self, caf::actor_cast<session_actor>(child),
          [id, add](T& sum, const Answer& one) { add(sum, id, one); }, verb);
    });
  return all.answer();
}

} // namespace

caf::result<std::vector<flow_info>> list_flows(sessions_pointer self) {
  using flows = std::vector<flow_info>;
  return ask_each<flow_info, flows>(
    self, atom::flows::value,
    [](flows& some, const std::string& id, flow_info one) {
      one.path = std::string{sessions_state::name} + "/" + id;
      some.push_back(std::move(one));
    });
}

caf::result<done_t> count_bytes(sessions_pointer self) {
  return ask_each<carried, done_t>(
    self, atom::tally::value,
    [self](done_t&, const std::string&, const carried& more) {
      count_more(*self->state.counted, more.what, more.port, more.bytes);
    });
}

void count_begin(tally& all, const flow& what, const std::string& port) {
  count_in(all, what, port, [](flow_tally& each) {
    ++each.begun;
    ++each.open;
  });
}

void count_end(tally& all, const flow_end& last) {
  count_more(all, last.what, last.port, last.untold);
  count_in(all, last.what, last.port, [&](flow_tally& each) {
    --each.open;
    if (!last.came_about())
      ++each.refused[last.why];
  });
}

void count_refusal(tally& all, const flow& what, ec why) {
  ++all.of(what.way, what.proto).refused[why];
}

std::string line_of(const flow_end& last) {
  return to_string(last.what) + (last.came_about() ? " ended" : " was refused")
    + ": " + std::string{to_string(last.why)} + ", "
    + std::to_string(last.bytes.sent) + " bytes sent, "
    + std::to_string(last.bytes.received) + " received, "
    + std::to_string(last.milliseconds) + " ms";
}

} // namespace pier::actors
