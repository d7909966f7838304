#include "actors/runtime/logbook.hpp"

#include <algorithm>
#include <utility>

namespace pier::actors {

namespace {

/// "containers/web/sessions" of each of those: a flood of them is one speaker.
std::string_view speaker_of(std::string_view path) {
  constexpr int floors = 3;
  size_t end = 0;
  for (int i = 0; i < floors && end != std::string_view::npos; ++i)
    end = path.find('/', i == 0 ? 0 : end + 1);
  return path.substr(0, end);
}

} // namespace

logbook::logbook(surroundings around, log_level level)
  : around_(std::move(around)), level_(level), least_(level) {}

// -- levels -------------------------------------------------------------------

void logbook::adopt(log_level level) {
  level_ = level;
  look_for_least();
}

result<void>
logbook::obey(const std::string& path, std::optional<log_level> level) {
  if (!level) {
    by_hand_.erase(path);
  } else if (by_hand_.size() >= most_rules && by_hand_.count(path) == 0) {
    return error{
      ec::exhausted,
      "so much is said of " + std::to_string(most_rules)
        + " paths already: \"pier log\" lists them, and \"pier log default "
          "PATH\" takes one back"};
  } else {
    by_hand_[path] = *level;
  }
  look_for_least();
  return {};
}

std::vector<log_rule> logbook::rules() const {
  std::vector<log_rule> out{{"", level_at("")}};
  for (const auto& [path, level] : by_hand_)
    if (!path.empty())
      out.push_back({path, level});
  return out;
}

void logbook::look_for_least() {
  least_ = level_at("");
  for (const auto& [path, level] : by_hand_)
    least_ = std::min(least_, level);
}

log_level logbook::level_at(std::string_view path) const {
  if (by_hand_.empty())
    return level_;
  for (;;) {
    if (auto found = by_hand_.find(path); found != by_hand_.end())
      return found->second;
    if (path.empty())
      return level_;
    auto slash = path.rfind('/');
    path = path.substr(0, slash == std::string_view::npos ? 0 : slash);
  }
}

bool logbook::hears(std::string_view path, log_level level) const {
  return level >= least_ && level >= level_at(path);
}

// -- lines --------------------------------------------------------------------

void logbook::write(const log_line& what) {
  if (!hears(what.path, what.level))
    return;
  auto now = around_.now();
  auto& who = speakers_[std::string{speaker_of(what.path)}];
  who.last = now;
  // What was left out is told before anything else is.
  if (who.left_out == 0 && who.lines.take(burst, now)) {
    around_.heard(what);
  } else {
    if (who.left_out++ == 0) {
      who.since = now;
      who.worst = what.level;
    }
    who.worst = std::max(who.worst, what.level);
  }
  if (!waking_)
    wake_later(now);
}

void logbook::wake_later(time_point now) {
  auto sooner = [](const auto& a, const auto& b) {
    return a.second.due() < b.second.due();
  };
  auto next = std::min_element(speakers_.begin(), speakers_.end(), sooner);
  waking_ = next != speakers_.end();
  if (waking_)
    around_.wake(
      std::chrono::ceil<std::chrono::milliseconds>(next->second.due() - now));
}

void logbook::settle() {
  auto now = around_.now();
  auto told = [&](const std::string& path, speaker& who) {
    if (who.left_out == 0 || who.due() > now)
      return;
    auto seconds = std::chrono::duration_cast<std::chrono::seconds>(
      now - who.since);
    auto count = std::to_string(std::exchange(who.left_out, 0));
    around_.heard(
      {who.worst, path,
       "… " + count + (count == "1" ? " more line in " : " more lines in ")
         + std::to_string(seconds.count()) + " s"});
  };
  for (auto& [path, who] : speakers_)
    told(path, who);
  std::erase_if(speakers_, [&](const auto& each) {
    return each.second.left_out == 0 && each.second.due() <= now;
  });
  wake_later(now);
}

} // namespace pier::actors
