#pragma once

/// What actors have to say, and how much of it is heard: a level for each part
/// of the tree, and a bound for each actor, beyond which it is told how much
/// was left out. Of one thread; no messages.

#include "actors/allowance.hpp"
#include "messages/error.hpp"
#include "messages/log.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pier::actors {

/// Role: every line passes here.
/// Theory of operation. An actor, with all that stands below it where it is a
/// container's or a forward's child, may say `burst` lines a second for a
/// while; of what it says beyond, only the number is kept, and told `window`
/// later in one line. Actors come and go: of those that were silent for a
/// window nothing is known any more. Lifetime: outlives the actors, and the
/// root, so that what a person has said by hand does, too.
class logbook {
public:
  using time_point = std::chrono::steady_clock::time_point;

  static constexpr size_t burst = 50; // lines, each second
  static constexpr std::chrono::seconds window{10};
  static constexpr size_t most_rules = 256;

  struct surroundings {
    std::function<void(const log_line&)> heard;
    std::function<time_point()> now;
    /// `settle` is to be called when this time has passed.
    std::function<void(std::chrono::milliseconds)> wake;
  };

  logbook(surroundings around, log_level level);

  /// From now on the settings say so, where nobody has said otherwise by hand.
  void adopt(log_level level);

  /// A person says so of a path and what stands below it, those that come later
  /// included; nothing: as of what stands above it.
  result<void> obey(const std::string& path, std::optional<log_level> level);

  /// What holds, the root's first.
  std::vector<log_rule> rules() const;

  /// Whether a line would be heard. Costs nothing where nobody wants to hear
  /// of this level.
  bool hears(std::string_view path, log_level level) const;

  void write(const log_line& what);

  /// Says what was left out.
  void settle();

private:
  struct speaker {
    allowance lines;
    /// Since the first of them.
    uint64_t left_out = 0;
    log_level worst = log_level::trace;
    time_point since;
    time_point last;

    /// When there is something to do about it.
    time_point due() const {
      return (left_out > 0 ? since : last) + window;
    }
  };

  log_level level_at(std::string_view path) const;
  void look_for_least();
  void wake_later(time_point now);

  surroundings around_;
  log_level level_;
  std::map<std::string, log_level, std::less<>> by_hand_;
  /// The most talkative of all that hold.
  log_level least_;
  std::map<std::string, speaker, std::less<>> speakers_;
  bool waking_ = false;
};

} // namespace pier::actors
