#pragma once

/// Looks again and again, and what they add up to.

#include "tools/pier/command.hpp"
#include "tools/pier/top/ledger.hpp"
#include "tools/pier/top/view.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <optional>

namespace pier::cli {

/// Role: looks at all supervisors of a user so often, or less often where a
/// look is much work: it may take a twentieth of the time.
class watch {
public:
  /// `every` in seconds.
  watch(
    boost::asio::io_context& io, surroundings here, double every,
    std::function<void()> on_seen);

  void begin();

  headline head() const;

  const ledger& known() const noexcept {
    return known_;
  }

  /// Why nothing was seen at the last look.
  const std::optional<error>& trouble() const noexcept {
    return why_;
  }

  /// What is known stays as it is.
  bool held = false;

private:
  using clock = std::chrono::steady_clock;

  void take(result<sample> seen);

  boost::asio::io_context& io_;
  surroundings here_;
  double every_;
  double pause_;
  std::function<void()> on_seen_;
  boost::asio::steady_timer next_;
  clock::time_point begun_;
  std::optional<clock::time_point> last_;
  std::optional<error> why_;
  ledger known_;
};

} // namespace pier::cli
