#pragma once

/// The host's own resolvers, as resolv.conf(5) names them now.

#include "messages/address.hpp"
#include "net/lifeline.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pier::net {

struct resolv_conf {
  std::vector<endpoint> servers;
  std::vector<std::string> search;

  friend bool operator==(const resolv_conf&, const resolv_conf&) = default;
};

/// Lines that mean nothing to it are passed over; at most 8 servers and 16
/// search domains are taken.
resolv_conf parse_resolv_conf(std::string_view text);

/// Reads the file when it changes: its folder is watched, because editors and
/// network tools replace files, and so is the folder that a link leads to.
class host_resolver {
public:
  host_resolver(boost::asio::io_context& io, std::string path);

  const resolv_conf& now() const noexcept {
    return now_;
  }

  /// It says something else than before.
  std::function<void()> on_change;

private:
  void watch_folders();
  void await_change();
  void read();

  std::string path_;
  resolv_conf now_;
  std::optional<boost::asio::posix::stream_descriptor> changes_;
  lifeline life_;
};

} // namespace pier::net
