#include "net/workers.hpp"

#include "net/no_signals.hpp"

#include <boost/asio/post.hpp>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace pier::net {

namespace asio = boost::asio;

asio::execution_context::id workers::id;

/// What the threads have in common with the loop; the last of them frees it.
struct workers::shared {
  struct task {
    uint64_t number = 0;
    std::function<void()> call;
  };

  std::mutex lock;
  std::condition_variable more;
  std::deque<task> waiting;
  size_t threads = 0;
  size_t idle = 0;
  /// Null once the loop has gone.
  asio::io_context* loop = nullptr;
  workers* home = nullptr;

  void work() {
    std::unique_lock held{lock};
    for (;;) {
      ++idle;
      more.wait(held, [this] { return loop == nullptr || !waiting.empty(); });
      --idle;
      if (loop == nullptr)
        return;
      auto next = std::move(waiting.front());
      waiting.pop_front();
      held.unlock();
      next.call();
      next.call = nullptr;
      held.lock();
      if (loop == nullptr)
        return;
      asio::post(
        *loop, [to = home, number = next.number] { to->hear_end(number); });
    }
  }
};

workers& workers::of(asio::io_context& io) {
  return asio::use_service<workers>(io);
}

workers::workers(asio::execution_context& io)
  : service(io), shared_(std::make_shared<shared>()) {
  // Services are made for nothing else (use_service above).
  shared_->loop = &static_cast<asio::io_context&>(io); // NOLINT
  shared_->home = this;
}

void workers::shutdown() {
  {
    std::lock_guard held{shared_->lock};
    shared_->loop = nullptr;
    shared_->waiting.clear();
  }
  shared_->more.notify_all();
  following_.clear();
}

bool workers::run(std::function<void()> call, std::function<void()> then) {
  if (following_.size() >= most_calls)
    return false;
  std::lock_guard held{shared_->lock};
  if (
    shared_->idle <= shared_->waiting.size()
    && shared_->threads < most_threads) {
    no_signals while_it_starts;
    try {
      std::thread{[all = shared_] { all->work(); }}.detach();
      ++shared_->threads;
    } catch (const std::system_error&) {
      // Those that there are must do.
    }
  }
  if (shared_->threads == 0)
    return false;
  auto number = ++last_;
  following_.emplace(number, std::move(then));
  shared_->waiting.push_back({number, std::move(call)});
  shared_->more.notify_one();
  return true;
}

void workers::hear_end(uint64_t number) {
  auto found = following_.extract(number);
  if (found)
    found.mapped()();
}

} // namespace pier::net
