#pragma once

/// A container's own namespaces and process, seen from the control thread.
/// The program pier-keeper, run with `sandbox`, is the shim that makes them
/// and the parent of the container's first process.
///
/// Stages: make → on_namespaces (held: nothing of the container runs yet) →
/// go → on_started → on_exited, or at any time before on_started: on_failed.
/// on_exited and on_failed are the last that is heard, and come when no process
/// of the container is left. The death of the control process, of this object
/// or of the shim (status 137) kills everything in the container.

#include "messages/container.hpp"
#include "messages/error.hpp"
#include "net/audit/ledger.hpp"
#include "net/fd.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <string>

namespace pier::net {

/// Everything the shim must know. Files are contents, not paths.
struct sandbox_plan {
  container_spec spec;
  std::string keeper;      // the program
  int user_namespace = -1; // to make our own user namespace inside; -1: none
  std::string resolv_conf;
  std::string hosts;
  fd in, out, err;
  /// A Unix stream socket that will listen at /run/host-services/ssh-auth.sock
  /// when the command runs, if that can be had; empty: none.
  fd agent;
};

class sandbox {
public:
  struct events {
    /// The network namespace is there and waits. Not called for
    /// network_mode::host.
    std::function<void(fd netns)> on_namespaces;
    /// The command runs. `notify` is the seccomp descriptor on which listen(2)
    /// and bind(2) of the container are announced; empty: this kernel cannot,
    /// or the network is not the gateway's. Every such call waits for its
    /// answer, and fails with ENOSYS once the descriptor is closed.
    std::function<void(int pid, fd notify)> on_started;
    std::function<void(const error&)> on_failed;
    /// As a shell counts.
    std::function<void(int status)> on_exited;
  };

  static result<std::unique_ptr<sandbox>>
  make(boost::asio::io_context& io, sandbox_plan plan, events on);

  virtual ~sandbox() = default;
  virtual void account(ledger& to, const std::string& owner) const = 0;
  /// To be called in every network mode, once.
  virtual void go() = 0;
  /// For the command; waits until it runs. SIGKILL before that is on_failed,
  /// with ec::stopped.
  virtual void signal(int number) = 0;
  /// Other contents of the files that are its own; what somebody has added to
  /// them inside stays.
  virtual void rewrite(const std::string& hosts, const std::string& resolv_conf)
    = 0;
};

} // namespace pier::net
