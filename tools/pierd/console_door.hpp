#pragma once

/// Who lets consoles in.

#include "messages/container.hpp"
#include "messages/settings/console_settings.hpp"
#include "net/console/door.hpp"
#include "net/console/tls_stream.hpp"
#include "net/file_watch.hpp"
#include "tools/control/client.hpp"
#include "tools/control/console_keys.hpp"
#include "tools/control/server.hpp"
#include "tools/libpier/pier.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace pier::daemon {

/// Role: attaches whoever comes in at net::door to the supervisor. What no
/// actor answers a console asks at its desk: a client of the control server
/// that speaks for it, so that a console can do whatever a control socket can.
/// Theory of operation: on the daemon's loop; the supervisor speaks to it by a
/// post. Acts that are asked for at a desk are told as events here, all others
/// by the console's actor.
/// Lifetime: younger than the supervisor and the control server.
class console_door {
public:
  using reporter = std::function<void(const event&)>;

  console_door(
    boost::asio::io_context& io, supervisor& behind, control::server& desks,
    reporter news);

  /// Consoles of this machine come in at this path.
  result<void> open(const std::string& path);

  /// From now on consoles of other machines come in there, or nowhere; those
  /// that are in stay. What cannot be is told as a warning.
  void obey(const console_settings& with);

  ~console_door();

  console_door(const console_door&) = delete;
  console_door& operator=(const console_door&) = delete;

  /// By what an audit knows its sockets.
  audit_marks marks() const;

  // -- what supervisor::console_host asks, on our loop
  // -------------------------

  void ask(uint64_t console, uint64_t id, const std::string& request);
  void gone(uint64_t console);

private:
  struct guest {
    std::string name;
    /// Null until something is asked there.
    std::unique_ptr<control::client> desk{};
  };

  void welcome(uint64_t number, const std::string& name, net::fd socket);
  result<void> listen(const endpoint& at);
  result<void> prepare_keys();
  std::string name_of(const std::string& fingerprint) const;
  void dismiss_revoked();
  control::client& desk_of(uint64_t number, guest& who);
  void record(const guest& who, const control::request& what);

  boost::asio::io_context& io_;
  supervisor& behind_;
  control::server& desks_;
  reporter news_;
  std::string path_;
  std::map<uint64_t, guest> guests_;
  /// Where consoles of other machines come in.
  std::optional<endpoint> listens_;
  /// Made when they are first needed.
  std::optional<control::console_keys> keys_;
  net::tls_context tls_;
  std::optional<net::file_watch> revocations_;
  net::door door_;
};

} // namespace pier::daemon
