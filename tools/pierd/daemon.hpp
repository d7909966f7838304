#pragma once

/// pierd: a supervisor that outlives those who speak to it.

#include "messages/error.hpp"
#include "tools/control/lock.hpp"
#include "tools/control/server.hpp"
#include "tools/libpier/pier.hpp"
#include "tools/pierd/console_door.hpp"
#include "tools/pierd/daemon_line.hpp"
#include "tools/pierd/metrics_door.hpp"
#include "tools/pierd/steward.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <optional>
#include <string>

namespace pier::daemon {

/// Role: owns the lock, the supervisor, who reads its settings, and its doors,
/// in this order. SIGHUP reads the settings again.
/// Theory of operation: opening → serving → ending → over. What ends it is a
/// signal, a client's `shutdown`, or, with --until-idle, that its last
/// container has gone. Ending refuses new containers, stops those that run,
/// lets every client have its answer, and only then takes the supervisor away.
/// A second signal ends the process where it stands; what it has in the kernel
/// dies with it.
class daemon {
public:
  explicit daemon(daemon_line line);
  ~daemon();

  daemon(const daemon&) = delete;
  daemon& operator=(const daemon&) = delete;

  result<void> open();

  /// Serves until it is over; the exit status.
  int serve();

private:
  result<void> start_supervisor();
  result<void> open_doors();
  void obey_consoles(const console_settings& with);
  void say_ready();
  void watch_signals();
  void reload();
  void hear(const event& news);
  bool unneeded() const;
  void look_whether_idle();
  void end(const std::string& why);
  void stop_all(const std::vector<container_info>& all);
  void settle();

  daemon_line line_;
  std::string dir_;
  std::string path_;
  boost::asio::io_context io_{1};
  boost::asio::signal_set signals_{io_};
  boost::asio::steady_timer unused_{io_};
  std::optional<control::lock> lock_;
  std::unique_ptr<supervisor> supervisor_;
  std::unique_ptr<steward> steward_;
  std::unique_ptr<control::server> server_;
  std::unique_ptr<console_door> consoles_;
  std::unique_ptr<metrics_door> metrics_;
  size_t stopping_ = 0;
  bool had_one_ = false;
  bool ending_ = false;
};

} // namespace pier::daemon
