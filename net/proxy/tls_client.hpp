#pragma once

/// TLS to a server that is verified against the system's authorities and its
/// own name; see net/proxy/tls_session. All of them are pumped by one thread
/// (net/proxy/pump_thread).

#include "messages/error.hpp"
#include "net/circuit/dialer.hpp"
#include "net/fd.hpp"
#include "net/lifeline.hpp"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <functional>
#include <string>

namespace pier::net {

/// One handshake at a time; destroyed, it ends the one that is not over, and
/// calls nobody back. What it has answered lives on by itself, until either
/// side closes it.
class tls_client {
public:
  explicit tls_client(boost::asio::io_context& io);

  tls_client(const tls_client&) = delete;
  tls_client& operator=(const tls_client&) = delete;

  /// `socket` is connected, and not blocking; so is the answer, a Unix socket
  /// of plain bytes. The refusal is half a sentence: "its certificate is no
  /// good for …". Never answers from inside the call.
  void begin(fd socket, const std::string& host, dialer::taker done);

private:
  void hear(uint64_t turn, const error& how);

  boost::asio::io_context& io_;
  uint64_t turn_ = 0;
  fd ours_;
  dialer::taker done_;
  lifeline life_;
};

} // namespace pier::net
