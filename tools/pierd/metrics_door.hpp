#pragma once

/// Who answers GET /metrics.

#include "messages/container.hpp"
#include "messages/settings/metrics_settings.hpp"
#include "net/stream_listener.hpp"
#include "net/lifeline.hpp"
#include "tools/libpier/pier.hpp"
#include "tools/pierd/metrics_visit.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace pier::daemon {

/// Role: a small HTTP server on the loopback, for Prometheus.
/// Theory of operation: on the daemon's loop. Who asks while the supervisor
/// counts waits for the same page, and a page is good for a second, so that the
/// control thread counts once a second at most, however many ask. There are 16
/// clients; one more takes the place of the oldest that has not yet said what
/// it wants, or is hung up on. A place that is taken by another is told as a
/// warning, and tried again every five seconds.
/// Lifetime: younger than the supervisor.
class metrics_door {
public:
  using reporter = std::function<void(const event&)>;
  using tcp = boost::asio::ip::tcp;

  metrics_door(boost::asio::io_context& io, supervisor& behind, reporter news);
  ~metrics_door();

  metrics_door(const metrics_door&) = delete;
  metrics_door& operator=(const metrics_door&) = delete;

  /// From now on it is answered there, or nowhere; those that are in stay.
  void obey(const metrics_settings& with);

private:
  using waiter = std::function<void(const result<page>&)>;

  void listen();
  result<void> try_to_listen(const endpoint& at);
  void welcome(tcp::socket client);
  bool make_room();
  void count(waiter done);
  void hear_counted(const result<metrics>& all);

  boost::asio::io_context& io_;
  supervisor& behind_;
  reporter news_;
  std::optional<endpoint> at_;
  bool complained_ = false;
  std::shared_ptr<net::stream_listener<tcp>> listener_;
  boost::asio::steady_timer retry_;
  /// The oldest first.
  std::vector<std::shared_ptr<metrics_visit>> visits_;
  std::vector<waiter> waiting_;
  /// Null: it is too old, or nobody has asked.
  page last_;
  boost::asio::steady_timer age_;
  net::lifeline life_;
};

} // namespace pier::daemon
