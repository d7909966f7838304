#pragma once

/// A PAC script, run by a process of its own (tools/pac): it has no network and
/// no files, 256 MiB, and as long as its owner likes. What it wants to know of
/// a name is looked up here, as the host itself would.

#include "messages/error.hpp"
#include "net/fd.hpp"
#include "net/lifeline.hpp"
#include "net/pac/wire.hpp"
#include "net/readiness.hpp"

#include <boost/asio/io_context.hpp>

#include <sys/types.h>

#include <functional>
#include <memory>
#include <string>

namespace pier::net {

/// Destroyed, it has been killed and reaped.
class script_process {
public:
  /// `ready`, `answer` and `failure`, as they come; nothing: it has died, or
  /// talks nonsense, and says nothing more.
  using sink = std::function<void(std::optional<pac_saying>)>;

  /// `program` is that of tools/pac. The sink is never called from inside this
  /// call.
  static result<std::unique_ptr<script_process>> start(
    boost::asio::io_context& io, const std::string& program,
    const std::string& script, sink heard);

  ~script_process();

  script_process(const script_process&) = delete;
  script_process& operator=(const script_process&) = delete;

  void ask(const std::string& url, const std::string& host);

private:
  script_process(
    boost::asio::io_context& io, pid_t pid, fd channel, sink heard);

  void say(const pac_saying& what);
  void await();
  void hear();
  void look_up(const std::string& name);

  boost::asio::io_context& io_;
  pid_t pid_;
  fd channel_;
  sink heard_;
  int names_ = 0; // that were asked for since the last question
  readiness::wait wait_;
  lifeline life_;
};

} // namespace pier::net
