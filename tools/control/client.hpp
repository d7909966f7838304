#pragma once

/// The other end: asks a control server.

#include "tools/control/channel.hpp"
#include "tools/control/protocol.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace pier::control {

/// Role: one connection to one server, on its owner's event loop.
/// Lifetime: closes in its destructor and calls nobody back after it.
class client {
public:
  using answer = std::function<void(const result<json::value>&)>;

  /// Refused with ec::refused when nobody listens at `path` (any more), and
  /// with ec::no_such_port when there is no such socket.
  static result<std::unique_ptr<client>>
  connect(boost::asio::io_context& io, const std::string& path);

  ~client();

  client(const client&) = delete;
  client& operator=(const client&) = delete;

  /// `done` hears once: the answer, or ec::stopped when the server hangs up.
  /// The descriptors stay the caller's.
  void ask(request what, answer done, const std::vector<int>& descriptors = {});

  /// Asks and runs the event loop until the answer is there.
  result<json::value>
  call(request what, std::chrono::seconds patience = std::chrono::seconds{15});

  std::function<void(const event&)> on_event;
  /// Called before what was asked is answered with ec::stopped.
  std::function<void()> on_hang_up;

private:
  struct core;
  explicit client(std::shared_ptr<core> made);
  std::shared_ptr<core> core_;
};

/// Asks and reads the answer as a T.
template <class T>
result<T> call_for(client& server, request what) {
  auto said = server.call(std::move(what));
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
