#include "actors/why.hpp"

#include <caf/all.hpp>

#include <utility>

namespace pier::actors {

const char* why_state::name = "why";

health why_state::describe() const {
  health out_now;
  out_now.kind = name;
  out_now.facts.emplace_back("to", to_string(args.to));
  return out_now;
}

void why_state::note(std::string what, bool good, std::string detail) {
  auto now = clock->now();
  auto took = std::chrono::duration_cast<std::chrono::microseconds>(
    now - std::exchange(since, now));
  out.steps.push_back(
    {std::move(what), good, std::move(detail),
     static_cast<uint64_t>(took.count())});
}

void why_state::fail(std::string cause, ec verdict, std::string text) {
  if (std::exchange(failed, true))
    return;
  out.cause = std::move(cause);
  out.verdict = verdict;
  out.text = std::move(text);
}

} // namespace pier::actors
