#pragma once

/// The way to a daemon of another machine, by TLS, on a thread of its own.

#include "messages/error.hpp"
#include "net/fd.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <string>
#include <thread>

namespace pier::cli {

/// Lifetime: the connection is closed with it.
class remote_way {
public:
  /// `where`: HOST:PORT; a host may have a name. `bundle`: a text of "pier
  /// console add-client". Refused when nobody answers there within ten
  /// seconds, he is not who signed the bundle, or does not take it.
  static result<std::unique_ptr<remote_way>>
  open(const std::string& where, const std::string& bundle);

  ~remote_way();

  remote_way(const remote_way&) = delete;
  remote_way& operator=(const remote_way&) = delete;

  /// What comes and goes there. Once.
  net::fd take_socket() {
    return std::move(socket_);
  }

private:
  remote_way() = default;

  boost::asio::io_context io_{1};
  net::fd socket_;
  std::thread thread_;
};

/// HOST and PORT of "host:4711" or "[::1]:4711"; empty: it is neither. Pure.
std::pair<std::string, std::string> split_host_port(const std::string& text);

} // namespace pier::cli
