#pragma once

/// The keeper's process and the conversation with it, seen from the control
/// thread: requests out, replies in, in order; its death is heard once.

#include "net/audit/ledger.hpp"
#include "net/gateway/keeper_channel.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <string>

namespace pier::net {

class keeper_process : public std::enable_shared_from_this<keeper_process> {
public:
  struct answer {
    bool has_user_namespace = false;
    std::vector<fd> descriptors;
  };
  using replier = std::function<void(result<answer>)>;

  /// Starts `program gateway`. `died` is called after every request that is
  /// still open has been refused.
  static result<std::shared_ptr<keeper_process>> start(
    boost::asio::io_context& io, const std::string& program,
    std::function<void()> died);

  ~keeper_process();

  /// The keeper ends by itself when this is closed.
  void close();

  void ask(keeper_request what, const std::vector<int>& fds, replier answered);

  void account(ledger& to) {
    to.claim_open(channel_, "gateway: the way to its keeper");
  }

  int pid() const noexcept {
    return pid_;
  }

private:
  keeper_process(boost::asio::io_context& io, fd channel, int pid);
  void await_reply();
  bool read_reply();
  void hear_death();
  void reap();

  boost::asio::posix::stream_descriptor channel_;
  int pid_;
  uint32_t last_id_ = 0;
  std::deque<std::pair<uint32_t, replier>> open_;
  std::function<void()> died_;
};

} // namespace pier::net
