#pragma once

/// The schemes in which both sides take turns, by GSSAPI (RFC 4559 and what
/// Windows does): Negotiate, and NTLM where gss-ntlmssp is installed.
///
/// Theory of operation. A step may ask a KDC, and nobody can hurry it: it runs
/// on a thread of net/workers, on a context that only that step has meanwhile.
/// Without a login Negotiate takes the tickets of whoever runs this process
/// (kinit(1)); NTLM has none.

#include "messages/error.hpp"
#include "messages/upstream_proxy.hpp"
#include "net/lifeline.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <string>

namespace pier::net {

enum class gss_scheme : uint8_t { negotiate, ntlm };

/// One dialogue with one server; destroyed, it calls nobody back.
class gss_dialogue {
public:
  /// A token for the server, not encoded.
  using taker = std::function<void(result<std::string>)>;

  gss_dialogue(
    boost::asio::io_context& io, gss_scheme by, const upstream_proxy& with);

  /// After what the server has said last; empty: it has said nothing yet. One
  /// step at a time. Refused with ec::permission_denied where there is no
  /// ticket, no such mechanism or no such service.
  void step(std::string token, taker said);

  /// How many tokens of ours there have been.
  int steps() const noexcept {
    return steps_;
  }

private:
  struct context;

  boost::asio::io_context& io_;
  std::shared_ptr<context> context_;
  int steps_ = 0;
  lifeline life_;
};

} // namespace pier::net
