#include "actors/runtime/supervision.hpp"

#include <caf/all.hpp>

namespace pier::actors {

// -- by hand ------------------------------------------------------------------

result<slot*> supervision::find_living(std::string_view id) {
  auto found = roster_.find(id);
  if (found == nullptr || !found->child || found->now != presence::up)
    return error{
      ec::interrupted,
      std::string{id} + " is ending or being restarted: try again"};
  return found;
}

result<void> supervision::kill(std::string_view id, const std::string& reason) {
  auto which = find_living(id);
  if (!which)
    return which.error();
  (*which)->last_words = "killed: " + reason;
  caf::anon_send_exit((*which)->child, caf::exit_reason::kill);
  return {};
}

result<void>
supervision::renew(std::string_view id, std::function<void()> done) {
  auto which = find_living(id);
  if (!which)
    return which.error();
  if ((*which)->spec.when == restart::never)
    return error{
      ec::bad_request,
      std::string{id}
        + " is never restarted, since its peers' connection would have ended "
          "with it: pier kill ends it"};
  (*which)->renewed = std::move(done);
  caf::anon_send_exit((*which)->child, caf::exit_reason::kill);
  return {};
}

// -- status and paths ---------------------------------------------------------

survey_handle supervision::survey() {
  health own;
  if (describe)
    own = describe();
  own.kind = kind_;
  std::vector<surveyed> asked;
  for (auto& [serial, each] : roster_.slots()) {
    auto state = each.now == presence::leaving ? "stopping"
      : each.now == presence::up               ? "up"
                                               : "restarting";
    asked.push_back({each.spec.id, state, each.restarts, each.child});
  }
  return self_->home_system().spawn(actors::survey, own, asked);
}

supervision::waypoint supervision::follow(const std::string& path) {
  auto found = roster_.on_path(path);
  if (found == nullptr)
    return {};
  auto length = found->spec.id.size();
  auto rest = path.size() > length ? path.substr(length + 1) : std::string{};
  return {found->spec.id, found->child, rest};
}

caf::error no_actor_at(const std::string& path) {
  return to_caf({ec::bad_request, "no actor at " + path + ": see pier tree"});
}

} // namespace pier::actors
