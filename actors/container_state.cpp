#include "actors/container.hpp"

#include <caf/all.hpp>

namespace pier::actors {

const char* container_state::name = "container";

namespace {

using phase = container_state::phase;

const char* to_text(phase now) {
  switch (now) {
    case phase::created:
    case phase::starting:
      return "starting";
    case phase::running:
      return "up";
    default:
      return "stopping";
  }
}

} // namespace

void container_state::report(event::kind what, std::string text) const {
  args.news({what, args.premises->spec().name, std::move(text)});
}

sessions_actor container_state::sessions() {
  return caf::actor_cast<sessions_actor>(children->child(sessions_id));
}

health container_state::describe() const {
  health out;
  auto info = args.premises->info();
  out.state = args.premises->paused && now == phase::running ? "paused"
                                                             : to_text(now);
  if (info.network == network_mode::bridge)
    out.facts.emplace_back(
      "address", to_string(info.address.addresses().front()));
  else
    out.facts.emplace_back("network", std::string{to_string(info.network)});
  if (info.pid != 0)
    out.facts.emplace_back("pid", std::to_string(info.pid));
  return out;
}

} // namespace pier::actors
