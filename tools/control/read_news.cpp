#include "tools/control/fields.hpp"
#include "tools/control/json.hpp"

namespace pier::control {

namespace {

constexpr event::kind kinds[] = {
  event::kind::gateway_up,
  event::kind::gateway_lost,
  event::kind::created,
  event::kind::started,
  event::kind::exited,
  event::kind::removed,
  event::kind::port_opened,
  event::kind::port_closed,
  event::kind::forward_up,
  event::kind::forward_refused,
  event::kind::settings_changed,
  event::kind::settings_refused,
  event::kind::console_opened,
  event::kind::console_closed,
  event::kind::console_acted,
  event::kind::warning,
  event::kind::fault,
  event::kind::killed,
  event::kind::restarted,
  event::kind::drained,
  event::kind::paused,
  event::kind::resumed,
  event::kind::log_changed,
  event::kind::missed,
  event::kind::ssh_agent};
constexpr act::kind acts[] = {act::kind::kill,   act::kind::restart,
                              act::kind::drain,  act::kind::pause,
                              act::kind::resume, act::kind::log};

/// Both stand in events, of which thousands are kept.
constexpr size_t longest_reason = 512;
constexpr size_t longest_path = 1024;
constexpr std::chrono::milliseconds longest_patience = std::chrono::hours{24};

} // namespace

bool read(const json::value& from, event::kind& to) {
  return read_name(from, kinds, to);
}

bool read(const json::value& from, event& to) {
  return fields{from}
    .need("what", to.what)
    .may("container", to.container)
    .may("text", to.text)
    .may("path", to.path)
    .may("at", to.at)
    .ok();
}

bool read(const json::value& from, act::kind& to) {
  return read_name(from, acts, to);
}

bool read(const json::value& from, log_level& to) {
  std::string word;
  auto level = read(from, word) ? log_level_of(word) : std::nullopt;
  to = level.value_or(to);
  return level.has_value();
}

bool read(const json::value& from, std::optional<log_level>& to) {
  return read(from, to.emplace());
}

bool read(const json::value& from, log_rule& to) {
  return fields{from}.need("path", to.path).need("level", to.level).ok();
}

bool read(const json::value& from, act& to) {
  int64_t patience = 0;
  auto good = fields{from}
                .need("what", to.what)
                .need("path", to.path)
                .may("reason", to.reason)
                .may("patience", patience)
                .may("level", to.level)
                .ok_strictly();
  to.patience = std::chrono::milliseconds{patience};
  return good && to.reason.size() <= longest_reason
    && to.path.size() <= longest_path && patience >= 0
    && to.patience <= longest_patience;
}

bool read(const json::value& from, why_step& to) {
  return fields{from}
    .need("what", to.what)
    .need("good", to.good)
    .need("detail", to.detail)
    .need("microseconds", to.microseconds)
    .ok();
}

bool read(const json::value& from, explanation& to) {
  return fields{from}
    .need("cause", to.cause)
    .need("verdict", to.verdict)
    .need("text", to.text)
    .need("steps", to.steps)
    .ok();
}

} // namespace pier::control
