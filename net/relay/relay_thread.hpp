#pragma once

/// The thread below a relay loop; theory of operation in relay_thread.cpp.
/// `give`, `drop` and `look` are the control thread's, all else is the thread's
/// own.

#include "net/relay/attention.hpp"
#include "net/relay/idle_list.hpp"
#include "net/relay/pair.hpp"
#include "net/relay/relay_loop.hpp"
#include "net/relay/shifts.hpp"
#include "net/relay/side_watch.hpp"

#include <boost/asio/io_context.hpp>

#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace pier::net {

class relay_thread {
public:
  /// Ties an end to a handle that may be gone; touched by the control thread
  /// only.
  struct ending {
    relay_loop::end_sink sink;
  };

  relay_thread(boost::asio::io_context& control, shifts::kind by);
  /// Resets the pairs that are left.
  ~relay_thread();

  relay_thread(const relay_thread&) = delete;
  relay_thread& operator=(const relay_thread&) = delete;

  /// The number that `drop` takes.
  uint64_t give(std::unique_ptr<pair> what, std::shared_ptr<ending> end);
  void drop(uint64_t id);
  /// `done` is posted when those that were dropped are closed.
  void settle(std::function<void()> done);
  /// At a pair that was given, and may be gone.
  flow_sides look(const pair_counts& which);

  std::chrono::microseconds processor_time();

  /// Somebody here has used up a whole turn, and waits for the next one; or it
  /// was so a moment ago.
  bool is_busy() const noexcept {
    return busy_.load(std::memory_order_relaxed) || shifts_.are_heavy();
  }

private:
  struct entry {
    std::unique_ptr<pair> what;
    std::shared_ptr<ending> end;
  };

  struct ended {
    std::shared_ptr<ending> end;
    ec why = ec::ok;
    traffic bytes;
  };

  shifts::report carry();
  int patience() const;
  side* find(side_watch::name name) const;
  void hear(side& which, uint32_t what);
  void pump_queue();
  void end_idle();
  void bury();
  void tell();
  bool follow_orders();
  void take_new();

  boost::asio::io_context& control_;
  side_watch watch_;
  std::mutex mutex_; // over the next five
  bool stopping_ = false;
  uint64_t last_id_ = 0;
  std::vector<std::pair<uint64_t, entry>> orders_in_;
  std::vector<uint64_t> orders_out_;
  std::vector<std::function<void()>> orders_told_;

  /// No socket is closed while another thread looks at it: it would look at a
  /// stranger's of the same number.
  std::mutex closing_;

  std::atomic<bool> busy_ = false;
  attention attention_;
  side_watch::name last_speaker_; // pair 0: several, or an order
  relay_workshop shop_;
  std::unordered_map<uint64_t, entry> pairs_;
  std::unordered_map<pair*, bool> dead_; // and whether anybody is to be told
  std::deque<pair*> queue_;
  std::vector<ended> news_;
  std::vector<std::function<void()>> settled_;
  idle_list idle_;
  shifts shifts_;
};

} // namespace pier::net
