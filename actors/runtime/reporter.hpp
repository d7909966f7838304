#pragma once

/// Where an actor's news go, and what it has to say for the log.

#include "actors/runtime/logbook.hpp"
#include "messages/container.hpp"

#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace pier::actors {

/// Role: news go to whoever embeds us, each floor putting its id before the
/// path; lines go to the logbook under the path of the floor that says them.
/// Lifetime: the logbook outlives it.
class reporter {
public:
  using sink = std::function<void(const event&)>;

  /// Tells nobody anything.
  reporter() = default;

  template <class Heard>
  requires std::is_invocable_v<Heard, const event&> &&(
    !std::is_same_v<std::remove_cvref_t<Heard>, reporter>)reporter(Heard heard)
    : heard_(std::move(heard)) {}

  reporter(sink heard, logbook* log) : heard_(std::move(heard)), log_(log) {}

  void operator()(const event& what) const {
    if (heard_)
      heard_(what);
  }

  /// The same for whatever stands below this child.
  reporter below(std::string id) const;

  /// The same, but that the news go there.
  reporter by_way_of(sink other) const {
    auto out = *this;
    out.heard_ = std::move(other);
    return out;
  }

  /// `text()` is made only where somebody wants to hear it.
  template <class Text>
  void log(log_level level, Text text) const {
    if (log_ != nullptr && log_->hears(path_, level))
      log_->write({level, path_, text()});
  }

private:
  sink heard_;
  logbook* log_ = nullptr;
  std::string path_;
};

} // namespace pier::actors
