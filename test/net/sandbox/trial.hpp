#pragma once

/// One container on trial: a sandbox with pipes, an event loop and a deadline.

#include "net/sandbox/sandbox.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pier::net::trials {

constexpr std::chrono::seconds deadline{20};

/// With one id of ours mapped to 0, and no process in it.
fd make_user_namespace();

/// A user namespace to nest in, as the keeper makes one; -1 as root.
int user_namespace();

/// `sh -c script` on a network of its own.
sandbox_plan shell(std::string script);

class trial {
public:
  explicit trial(sandbox_plan plan);
  ~trial();
  trial(const trial&) = delete;
  trial& operator=(const trial&) = delete;

  /// Until `done` is true; false when the deadline passes first.
  bool until(const std::function<bool()>& done);
  /// Until the end of the container and of its output.
  trial& to_the_end();

  std::optional<fd> netns;
  std::optional<int> pid;
  std::optional<error> failure;
  std::optional<int> status;
  std::string output;
  bool output_ended = false;
  /// Whether there ever was a notify descriptor, and what it has announced.
  bool notified = false;
  std::vector<int> announced;

  /// Set before running: whether to say `go` when the namespaces are there;
  /// whether to answer announcements; called for each before the answer.
  bool go_at_once = true;
  bool answer = true;
  std::function<void()> on_announced;

  void write(const std::string& text);
  void answer_now();
  void drop();
  /// Nobody listens any more.
  void close_notify();
  std::unique_ptr<sandbox>& box() {
    return box_;
  }

private:
  void read_on();
  void watch_notify();

  boost::asio::io_context io_;
  boost::asio::posix::stream_descriptor output_{io_};
  boost::asio::posix::stream_descriptor notify_{io_};
  std::vector<uint64_t> held_;
  fd input_;
  std::string chunk_;
  std::unique_ptr<sandbox> box_;
};

} // namespace pier::net::trials
