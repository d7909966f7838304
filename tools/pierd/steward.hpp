#pragma once

/// Who sees to it that the settings file is obeyed.

#include "messages/container.hpp"
#include "messages/settings.hpp"
#include "net/file_watch.hpp"
#include "net/lifeline.hpp"
#include "tools/control/settings_door.hpp"
#include "tools/control/settings_history.hpp"
#include "tools/libpier/pier.hpp"
#include "tools/pierd/daemon_line.hpp"

#include <boost/asio/io_context.hpp>

#include <deque>
#include <functional>
#include <optional>
#include <string>

namespace pier::daemon {

/// Role: reads the file when it changes, when a signal or a client says so,
/// and hands what it says to the supervisor. A file that is wrong, or whose
/// settings are refused, changes nothing; what is wrong with it is known until
/// a better one comes. Each text that was obeyed is kept.
/// Theory of operation: one after the other. Whoever asks while a text is on
/// its way to the supervisor waits for his turn.
/// Lifetime: younger than the supervisor; answers come home by a post.
class steward : public control::settings_door {
public:
  using reporter = std::function<void(const event&)>;

  /// The line has been read already; where its file was wrong, with the last
  /// good text instead (`line.trouble` says why). It outlives us. `news` hears
  /// of each key that has changed, and of each mistake of a refusal; the log
  /// has them already.
  steward(
    boost::asio::io_context& io, supervisor& over, const daemon_line& line,
    reporter news);

  void reload(answer done) override;
  void weigh(const std::string& text, answer done) override;
  void rollback(uint64_t number, answer done) override;
  control::json::value describe() const override;

  /// Hears what holds from now on.
  std::function<void(const settings&)> on_adopted;

private:
  using work = std::function<void()>;

  void take_turn(work what);
  void end_turn();
  void obey_file(const answer& done);
  void roll_back(uint64_t number, const answer& done);
  void conclude(
    const std::string& text, const result<adoption>& how, const answer& done);
  void fail(const error& why, const answer& done);
  void keep(const std::string& text);
  void tell(const adoption& what) const;
  void hear_change();

  boost::asio::io_context& io_;
  supervisor& over_;
  const daemon_line& line_;
  reporter news_;
  std::string path_;
  control::settings_history history_;
  std::deque<work> turns_;
  /// Of the settings that hold, and they themselves.
  std::string text_;
  settings with_;
  /// What is wrong with the file; empty: it is obeyed.
  std::string trouble_;
  std::optional<net::file_watch> watch_;
  net::lifeline life_;
};

} // namespace pier::daemon
