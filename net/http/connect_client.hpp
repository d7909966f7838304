#pragma once

/// A client of our HTTP proxy whose first words are a whole CONNECT: it is
/// heard and answered on the control thread, and its socket goes to a relay, so
/// that no other thread is woken for it. Whoever says anything else, says it in
/// pieces or says nothing for a second goes to the HTTP thread, as he came.

#include "net/fd.hpp"
#include "net/http/request_head.hpp"
#include "net/lifeline.hpp"
#include "net/readiness.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>

namespace pier::net {

/// Destroyed before `take` or `open`, it resets him.
class connect_client {
public:
  struct ears {
    std::function<void(request_head)> asked;
    /// He is somebody else's: `take` him.
    std::function<void()> other;
  };

  connect_client(boost::asio::io_context& io, fd client, ears told);
  ~connect_client();

  connect_client(const connect_client&) = delete;
  connect_client& operator=(const connect_client&) = delete;

  /// May tell at once.
  void begin();

  /// With all that he has said unread.
  fd take();

  /// After `asked`: he hears yes; what he has said since is unread.
  fd open();

private:
  void look();
  void await();
  void leave();

  boost::asio::io_context& io_;
  fd client_;
  ears told_;
  boost::asio::steady_timer patience_;
  readiness::wait wait_; // ends before its socket does
  bool is_waited_for_ = false;
  size_t head_size_ = 0;
  lifeline life_;
};

} // namespace pier::net
