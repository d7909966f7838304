#pragma once

/// The kernel's queue of first packets: many are read at a look, and the
/// verdicts of one turn of the loop go out together. Calls into the kernel are
/// most of what a flood costs us, for we answer to nearly all of it: drop it.

#include "net/audit/ledger.hpp"
#include "net/fd.hpp"
#include "net/lifeline.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace pier::net {

class packet_queue {
public:
  using packet_sink = std::function<void(
    uint32_t number, std::span<const uint8_t> bytes)>;

  /// Of an NFQUEUE that is bound already. `hear` is told of each packet that is
  /// read; the bytes are there until it returns.
  packet_queue(boost::asio::io_context& io, fd queue, packet_sink hear);

  /// Calls once: there is something to read. Not when the queue is closed.
  void await(std::function<void()> then);

  /// Tells of those that wait, as many as one look takes. False: those were
  /// all.
  bool read();

  /// NF_DROP, or NF_ACCEPT, as libnetfilter_queue has them; a mark of zero
  /// leaves the packet's own. It is said when this turn of the loop is over.
  void decide(uint32_t number, uint32_t verdict, uint32_t mark);

  /// Says now what has been decided.
  void say();

  void account(ledger& to);

private:
  using descriptor = boost::asio::posix::stream_descriptor;

  boost::asio::io_context& io_;
  descriptor socket_;
  packet_sink hear_;
  std::unique_ptr<uint8_t[]> room_;
  std::vector<char> decided_;
  lifeline life_;
};

} // namespace pier::net
