#pragma once

/// One capture, from its first packet to its last.
///
/// Theory of operation. A block of the ring becomes a text, and the next one is
/// not taken before that has left: who reads slowly makes the kernel drop
/// packets, counted, and keeps nobody else waiting. The end comes from outside
/// (a signal, the time), from the count, from the line (the capture was ended,
/// or pierd was), from the kernel (the link is gone) or from the reader. What
/// has come by then is still written, if the reader takes it.

#include "net/capture/packet_ring.hpp"
#include "tools/pier/capture/output.hpp"

#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <functional>
#include <string>

namespace pier::cli {

class recorder {
public:
  /// `most`: packets; 0: there is no end to them.
  recorder(
    boost::asio::io_context& io, net::packet_ring ring, net::fd line, output to,
    uint64_t most);

  /// Writes `front`, and then packets as they come. `over` hears once why it is
  /// over: ec::ok where that was wanted, ec::stopped with a sentence where it
  /// was not, anything else: it could not be written.
  void start(std::string front, std::function<void(const error&)> over);

  /// Writes what is there already, for which a reader has two seconds, and is
  /// over. Again: at once.
  void end();

  uint64_t captured() const noexcept {
    return captured_;
  }
  uint64_t dropped() {
    return ring_.dropped();
  }

private:
  void await_packets();
  void await_line();
  void hear_line();
  void lose_link();
  void go_on();
  void close(error why);
  void settle();
  void write(std::string text);
  void finish(const error& how);

  net::packet_ring ring_;
  output out_;
  uint64_t most_;
  boost::asio::posix::stream_descriptor packets_;
  boost::asio::posix::stream_descriptor line_;
  boost::asio::steady_timer settled_;
  std::function<void(const error&)> over_;
  std::string last_words_;
  uint64_t captured_ = 0;
  uint64_t last_time_ = 0;
  /// It is being ended, for this reason.
  bool ending_ = false;
  error why_{ec::ok, {}};
  /// Nothing comes into the ring any more.
  bool quiet_ = false;
  bool closed_ = false;
};

} // namespace pier::cli
