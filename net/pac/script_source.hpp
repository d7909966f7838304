#pragma once

/// Where a PAC script comes from, and that it is always the newest one.
///
/// A file is read again when it changes. What is at a URL is fetched again
/// every hour, and after a second, two, four, … up to five minutes where it
/// could not be.

#include "net/file_watch.hpp"
#include "net/lifeline.hpp"
#include "net/pac/script_fetch.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace pier::net {

/// A text of at most a megabyte, from a plain file.
result<std::string> read_script_file(const std::string& path);

struct script_pauses {
  std::chrono::milliseconds first{1000};
  std::chrono::milliseconds longest{300000};
  std::chrono::milliseconds renewal{3600000};
};

class script_source {
public:
  /// Each time that it was read, and may be another one; or why it could not
  /// be.
  using sink = std::function<void(result<std::string>)>;

  /// `where` is http://…, https://…, file://PATH or an absolute PATH. The sink
  /// is never called from inside this call.
  script_source(
    boost::asio::io_context& io, socket_source sockets, std::string where,
    sink heard, script_pauses between = {});

private:
  void load();
  void hear_fetched(result<std::string> how);
  void load_in(std::chrono::milliseconds pause);

  boost::asio::io_context& io_;
  std::string where_;
  sink heard_;
  script_pauses pauses_;
  std::chrono::milliseconds next_pause_;
  script_fetch fetch_;
  boost::asio::steady_timer pause_;
  std::optional<file_watch> watch_;
  lifeline life_;
};

} // namespace pier::net
