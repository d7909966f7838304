#pragma once

/// The other end: asks a control server, or whoever stands for one.

#include "tools/control/channel.hpp"
#include "tools/control/protocol.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace pier::control {

/// Role: one connection to one supervisor, on its owner's event loop, however
/// it is reached.
/// Lifetime: closes in its destructor and calls nobody back after it.
class client {
public:
  using answer = std::function<void(const result<json::value>&)>;
  using socket = channel::socket;

  /// Refused with ec::refused when nobody listens at `path` (any more), and
  /// with ec::no_such_port when there is no such socket.
  static result<std::unique_ptr<client>>
  connect(boost::asio::io_context& io, const std::string& path);

  /// Of a socket that is connected already.
  static std::unique_ptr<client> over(boost::asio::io_context& io, socket peer);

  virtual ~client() = default;

  client(const client&) = delete;
  client& operator=(const client&) = delete;

  /// `done` hears once: the answer, or ec::stopped when the server hangs up.
  /// The descriptors stay the caller's.
  virtual void
  ask(request what, answer done, const std::vector<int>& descriptors)
    = 0;
  void ask(request what, answer done) {
    ask(std::move(what), std::move(done), {});
  }

  /// Asks and runs the event loop until the answer is there.
  result<json::value>
  call(request what, std::chrono::seconds patience = std::chrono::seconds{15});

  /// Of those that came with answers the oldest `count`, or none at all.
  virtual std::vector<net::fd> take_descriptors(size_t count) {
    static_cast<void>(count);
    return {};
  }

  std::function<void(const event&)> on_event;
  /// Called before what was asked is answered with ec::stopped.
  std::function<void()> on_hang_up;

protected:
  explicit client(boost::asio::io_context& io) : io_(io) {}

private:
  boost::asio::io_context& io_;
};

/// Asks and reads the answer as a T.
template <class T>
result<T> call_for(
  client& server, request what,
  std::chrono::seconds patience = std::chrono::seconds{15}) {
  auto said = server.call(std::move(what), patience);
  if (!said)
    return said.error();
  T made;
  if (!read(*said, made))
    return error{
      ec::bad_request,
      "the answer is in a form that this version does not know; pier and pierd "
      "must be of one version"};
  return made;
}

} // namespace pier::control
