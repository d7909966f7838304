#pragma once

/// The event loop of a test, run until something has come true.

#include "test/support/deadline.hpp"

#include <boost/asio/io_context.hpp>

namespace pier::trials {

struct loop {
  boost::asio::io_context io;

  /// False: it has not come true in ten seconds. Asked no more once it has.
  template <class Condition>
  bool until(Condition come) {
    stopwatch watch;
    while (!come()) {
      if (watch.elapsed() > std::chrono::seconds{10})
        return false;
      io.restart();
      io.run_one_for(std::chrono::milliseconds{5});
    }
    return true;
  }
};

} // namespace pier::trials
