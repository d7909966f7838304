#pragma once

/// The client's side of SOCKS5 (RFC 1928, 1929): from a connection to a proxy
/// to one that leads to the target.

#include "messages/upstream_proxy.hpp"
#include "net/proxy/handshake_stream.hpp"
#include "net/socks/wire.hpp"

#include <functional>
#include <string>

namespace pier::net {

/// Once, on a stream that outlives it. What comes behind the reply stays in
/// the stream.
class socks_client {
public:
  /// Where the proxy says that its side is.
  using taker = std::function<void(result<socks_address>)>;

  socks_client(handshake_stream& over, const upstream_proxy& by)
    : stream_(over), by_(by) {}

  /// ec::reset: it has hung up; ec::bad_request: that was no SOCKS5;
  /// ec::permission_denied: it takes no such login; else what its reply says.
  /// The texts are halves of a sentence: "it has hung up". May answer from
  /// inside the call.
  void ask(const socks_request& what, taker done);

  /// The proxy knows the target.
  bool has_asked() const noexcept {
    return asked_;
  }

private:
  void choose_method(socks_method how);
  void request();

  /// Says something, and hears a message by `parse`.
  template <class T>
  void exchange(
    std::string words, socks_reading<T> (*parse)(std::string_view),
    void (socks_client::*then)(T));
  template <class T>
  void await(
    socks_reading<T> (*parse)(std::string_view), void (socks_client::*then)(T));
  template <class T>
  void hear(
    std::string_view seen, socks_reading<T> (*parse)(std::string_view),
    void (socks_client::*then)(T));

  void hear_welcome(bool right);
  void hear_reply(socks_reply reply);
  void fail(ec code, const std::string& why);

  handshake_stream& stream_;
  const upstream_proxy& by_;
  socks_request what_;
  std::string buffer_;
  bool asked_ = false;
  taker done_;
};

/// What a reply that is no success means: "it says: connection refused".
std::string words_of(socks_status how);

} // namespace pier::net
