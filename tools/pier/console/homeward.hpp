#pragma once

/// The way from an actor's thread to the loop of a command that may be over.

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <functional>
#include <mutex>
#include <optional>

namespace pier::cli {

/// Role: what is posted runs on the loop, unless that has been left. The loop
/// does not run out of work while it may still come.
class homeward {
public:
  explicit homeward(boost::asio::io_context& io)
    : io_(&io), guard_(boost::asio::make_work_guard(io)) {}

  /// From any thread.
  void post(std::function<void()> what) {
    std::lock_guard held{turn_};
    if (io_ != nullptr)
      boost::asio::post(*io_, std::move(what));
  }

  /// From the loop's thread: nothing is posted from now on.
  void leave() {
    std::lock_guard held{turn_};
    io_ = nullptr;
    guard_.reset();
  }

private:
  std::mutex turn_;
  boost::asio::io_context* io_;
  std::optional<
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type>>
    guard_;
};

} // namespace pier::cli
