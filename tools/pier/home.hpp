#pragma once

/// Where a container of ours lives: in a supervisor of our own, or in pierd.

#include "tools/control/client.hpp"
#include "tools/control/server.hpp"
#include "tools/libpier/pier.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <string>

namespace pier::cli {

/// Role: the few things that a command which lives with its container asks
/// for, answered on our own event loop.
class home {
public:
  using started = std::function<void(const result<container_info>&)>;

  virtual ~home() = default;

  /// With `hold`, the container ends with us.
  virtual void run(
    container_spec spec, supervisor::descriptors stdio, bool hold, started done)
    = 0;
  virtual void wait(const std::string& name, started done) = 0;
  virtual void signal(const std::string& name, int number) = 0;
  virtual void stop(const std::string& name) = 0;

  /// What "host-gateway" stands for.
  virtual ip_address host() const = 0;

  /// Lets others have their last answers.
  virtual void leave(std::function<void()> done) = 0;

  /// The home is gone, and the container with it.
  std::function<void(const error&)> on_lost;
};

/// A supervisor in this process, with a control socket of its own so that
/// `pier ps` and the others find it. `name` is promised to nobody else.
result<std::unique_ptr<home>> make_embedded_home(
  boost::asio::io_context& io, const std::string& runtime_dir,
  const std::string& name);

/// A room in a daemon.
std::unique_ptr<home>
make_remote_home(std::unique_ptr<control::client> server, ip_address host);

} // namespace pier::cli
