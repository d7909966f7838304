#pragma once

/// The control server: a supervisor's door to other processes of its user.
///
/// Theory of operation. It lives on its owner's event loop; what it asks of
/// the supervisor is answered on the supervisor's thread and posted over. A
/// request belongs to its connection, and its answer is dropped when that is
/// gone; but a container that was started with "hold" for a client that is
/// gone by then is stopped.
///
/// Limits: 128 connections, 64 unanswered requests each. Only the user's own
/// processes and root's are heard, and observers as far as they may look; of
/// these there are 32 connections, so that they keep nobody out.

#include "messages/error.hpp"
#include "tools/control/peer_identity.hpp"
#include "tools/control/runtime_dir.hpp"
#include "tools/control/settings_door.hpp"
#include "tools/libpier/pier.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <sys/types.h>

#include <functional>
#include <memory>
#include <set>
#include <string>

namespace pier::control {

class server {
public:
  struct options {
    /// Of the socket; whoever answers there no more is replaced.
    std::string path;
    /// "pierd", or "pier run" for the supervisor of one command, which starts
    /// no container for others.
    std::string program = "pierd";
    bool takes_runs = true;
    /// What `--add-host NAME:host-gateway` stands for here.
    ip_address host;
  };

  static result<std::unique_ptr<server>>
  listen(boost::asio::io_context& io, supervisor& behind, options with);

  /// Closes every connection and removes the socket.
  ~server();

  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// A client asks for the end of the program.
  std::function<void()> on_shutdown;

  /// A client has gone, or everything that was asked is answered.
  std::function<void()> on_quiet;

  /// By what an audit knows things of the owner; null: by the socket's folder.
  std::function<audit_marks()> marks;

  /// Keeps it in the journal, and tells those who asked for events.
  void announce(const event& news);

  /// Where settings are changed; null: nowhere. It outlives the server.
  void change_settings_by(settings_door* door);

  /// What `options::host` is from now on.
  void move_host(const ip_address& to);

  /// From now on these users may look, and nothing else: the socket, and the
  /// way to it, are opened as far as that needs. Nobody: they are as they were.
  void let_look(const std::set<uid_t>& observers);

  /// A name that its owner is about to run, so that nobody else takes it.
  void promise(const std::string& name);

  /// Serves a connection that somebody else has made.
  void adopt(boost::asio::local::stream_protocol::socket peer);

  /// Refuses new containers from now on.
  void refuse_runs();

  /// Removes the socket, takes no new connection, and calls `done` when all
  /// that was asked is answered and the answers have left, or after 2 seconds.
  void drain(std::function<void()> done);

  /// Requests on their way.
  size_t unanswered() const noexcept;

  /// Clients that are there.
  size_t clients() const noexcept;

private:
  struct core;
  explicit server(std::shared_ptr<core> made);
  std::shared_ptr<core> core_;
};

} // namespace pier::control
