#pragma once

/// A tap on a container's link, for a reader in another process.
///
/// Theory of operation. The keeper makes a packet socket in the gateway's
/// namespace and names the link to it; as long as nobody binds it to a protocol
/// it hears nothing, so that its reader sets filter and ring first. The reader
/// gets the socket and one end of a line (SOCK_STREAM), both by SCM_RIGHTS, and
/// from then on he and the kernel are alone: one who stops reading loses
/// packets of his own and nobody else's. The line says nothing but that the
/// other one is there; ours says last why it is over.
///
/// Lifetime: destroyed, the reader's socket hears no packet more, whatever he
/// does: it has a filter then that takes none and cannot be changed.

#include "net/capture/tap_store.hpp"
#include "net/gateway/gateway.hpp"
#include "net/lifeline.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

namespace pier::net {

class kernel_tap : public tap {
public:
  /// `opened` or `refused` follows, and after `opened` perhaps `ended`.
  kernel_tap(
    boost::asio::io_context& io, gateway& where, const lease& at,
    tap_store& ready, sink events);
  ~kernel_tap() override;

  kernel_tap(const kernel_tap&) = delete;
  kernel_tap& operator=(const kernel_tap&) = delete;

  void end(const std::string& why) override;

private:
  void hear_socket(result<fd> made);
  void await_end();
  void tell(tap_event::kind what, error why = {ec::ok, {}});

  boost::asio::posix::stream_descriptor line_;
  tap_store& ready_;
  sink events_;
  std::string link_;
  fd packets_;
  ticket number_ = 0;
  lifeline life_;
};

} // namespace pier::net
