#pragma once

/// Who works a relay loop: two threads, one at a time.
///
/// Of a processor that others want, who carries much must leave most to those
/// who decide, and to those who carry little: a connection of another guest
/// would wait for it, a clock tick long. A thread may lower its priority, but
/// without a privilege it may not raise it again. So a loop that carries much
/// is passed on to a thread that has lowered its own, and back when that is
/// over. Where nobody else wants the processor this costs nothing.

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <thread>

namespace pier::net {

/// Whether much is carried: sixteen rounds in which somebody has used up his
/// turn, none of them more than ten milliseconds after the other. It is over
/// when there has been none for a tenth of a second. Pure.
class burden {
public:
  using time_point = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::milliseconds rest{100};

  bool is_heavy_after(bool was_busy, time_point now) {
    auto pause = now - last_;
    if (was_busy) {
      row_ = pause < gap || is_heavy() ? std::min(row_ + 1, enough) : 1;
      last_ = now;
    } else if (pause >= (is_heavy() ? clock_duration{rest} : gap)) {
      row_ = 0;
    }
    return is_heavy();
  }

private:
  using clock_duration = time_point::duration;
  static constexpr clock_duration gap = std::chrono::milliseconds{10};
  static constexpr int enough = 16;

  bool is_heavy() const noexcept {
    return row_ >= enough;
  }

  int row_ = 0;
  time_point last_{};
};

/// Lifetime: `round` is called until it says that it is over, by one thread
/// after another; what it touches is theirs in turn.
class shifts {
public:
  enum class kind { both, heavy_alone };
  enum class outcome { calm, busy, over };
  /// What came of a round, and when it woke.
  struct report {
    outcome what = outcome::calm;
    burden::time_point at;
  };

  shifts(kind which, std::function<report()> round);
  ~shifts();

  void begin();

  shifts(const shifts&) = delete;
  shifts& operator=(const shifts&) = delete;

  /// Once `round` has said that it is over, or is about to.
  void join();

  /// Much is carried now, or has been a moment ago.
  bool are_heavy() const noexcept {
    return which_ == kind::both && turn_ == heavy;
  }

  /// How long a round may sleep: -1, or milliseconds.
  int patience() const noexcept;

  /// What the threads have had of a processor together.
  std::chrono::microseconds processor_time();

private:
  enum turn : int { light, heavy, nobody };

  void work(turn mine);

  kind which_;
  std::function<report()> round_;
  burden burden_;
  std::atomic<int> turn_;
  std::array<std::thread, 2> threads_;
};

} // namespace pier::net
