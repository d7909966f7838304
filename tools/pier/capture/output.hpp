#pragma once

/// Where a capture is written: a file, or whatever our stdout leads to.

#include "messages/error.hpp"
#include "net/fd.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <functional>
#include <optional>
#include <string>

namespace pier::cli {

/// Role: takes one text after the other. A reader who does not read is waited
/// for without holding the event loop up: a pipe is written to when it has
/// room, and never more than it then takes.
class output {
public:
  /// Refused where it is a terminal.
  static result<void> check(const std::string& to);

  /// A file is made anew, for its owner's eyes; "-" is stdout.
  static result<output>
  open(boost::asio::io_context& io, const std::string& to);

  output(output&&) = default;

  using done = std::function<void(const error&)>;

  /// Calls `written` when all of it has left, with ec::ok, or ec::reset when
  /// the reader has gone. One text at a time; not after it has been refused.
  void write(std::string text, done written);

  bool busy() const noexcept {
    return static_cast<bool>(written_);
  }

private:
  output(
    boost::asio::io_context& io, std::string name, net::fd own, int number);

  error failure() const;
  void write_file();
  void write_more();
  void finish(const error& how);

  boost::asio::io_context& io_;
  std::string name_;
  net::fd own_;
  int number_;
  /// Nothing: it is a file, which has always room.
  std::optional<boost::asio::posix::stream_descriptor> pipe_;
  std::string text_;
  size_t sent_ = 0;
  done written_;
};

} // namespace pier::cli
