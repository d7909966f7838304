/// Theory of operation. One thread, one epoll, edge-triggered: an event marks
/// a side readable or writable, and its pair is pumped until it would block.
/// A pair with more to do than its turn allows waits in a queue behind the
/// others. Orders from the control thread (take this pair, drop that one) lie
/// in a mutex-guarded list; an eventfd wakes the loop. A pair's end is posted
/// to the control thread, unless its handle was dropped meanwhile, and is
/// counted there only.
///
/// Pairs that can grow idle stand in a list by the time they were last looked
/// at; only the first is timed, so a thousand flows cost one wake-up.

#include "net/relay/relay_loop.hpp"

#include "net/relay/pair.hpp"

#include <boost/asio/post.hpp>

#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <deque>
#include <mutex>
#include <thread>
#include <unordered_map>

namespace pier::net {

namespace {

using clock = std::chrono::steady_clock;

constexpr size_t buffer_size = 64 * 1024;
constexpr int events_a_wait = 256;

/// Ties an end to a handle that may be gone; touched by the control thread
/// only.
struct ending {
  relay_loop::end_sink sink;
};

struct entry {
  std::unique_ptr<pair> what;
  std::shared_ptr<ending> end;
};

} // namespace

struct relay_loop::parts {
  explicit parts(boost::asio::io_context& loop) : control(loop) {
    epoll = fd{::epoll_create1(EPOLL_CLOEXEC)};
    wake = fd{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = nullptr;
    ::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, wake.get(), &event);
    shop.buffer.resize(buffer_size);
    thread = std::thread{[this] { run(); }};
  }

  ~parts() {
    {
      std::lock_guard guard{mutex};
      stopping = true;
    }
    kick();
    thread.join();
  }

  // -- from the control thread ------------------------------------------------

  void kick() const {
    uint64_t one = 1;
    [[maybe_unused]] auto written = ::write(wake.get(), &one, sizeof(one));
  }

  uint64_t give(entry made) {
    std::lock_guard guard{mutex};
    auto id = ++last_id;
    orders_in.emplace_back(id, std::move(made));
    kick();
    return id;
  }

  void drop(uint64_t id) {
    std::lock_guard guard{mutex};
    orders_out.push_back(id);
    kick();
  }

  // -- on the loop's thread ---------------------------------------------------

  void run() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    std::array<epoll_event, events_a_wait> events{};
    for (;;) {
      auto count = ::epoll_wait(
        epoll.get(), events.data(), events_a_wait, patience());
      shop.now = clock::now();
      auto ordered = false;
      for (int i = 0; i < count; ++i) {
        auto& event = events[static_cast<size_t>(i)];
        if (event.data.ptr == nullptr)
          ordered = true;
        else
          hear(*static_cast<side*>(event.data.ptr), event.events);
      }
      pump_queue();
      bury();
      if (ordered && !follow_orders())
        break;
      end_idle();
      bury();
    }
    for (auto& [id, each] : pairs)
      each.what->abort();
    pairs.clear();
  }

  int patience() const {
    if (!queue.empty())
      return 0;
    if (idle_list.empty())
      return -1;
    const auto& first = *idle_list.front();
    auto left = first.last_heard + first.idle() - clock::now();
    auto ms = std::chrono::ceil<std::chrono::milliseconds>(left).count();
    return static_cast<int>(std::clamp<int64_t>(ms, 0, 3'600'000));
  }

  /// Marks what has changed; the pumping comes when all have been marked.
  void hear(side& which, uint32_t what) {
    auto& of = *which.of;
    if (of.why != ec::ok || dead.count(&of) != 0)
      return;
    if ((what & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0)
      which.readable = true;
    if ((what & EPOLLOUT) != 0)
      which.writable = true;
    if ((what & EPOLLERR) != 0 && of.hear_error(which) == pair::verdict::over) {
      dead.insert({&of, true});
      return;
    }
    enqueue(of);
  }

  void enqueue(pair& which) {
    if (which.queued)
      return;
    which.queued = true;
    queue.push_back(&which);
  }

  void pump_queue() {
    for (auto turns = queue.size(); turns > 0; --turns) {
      auto& which = *queue.front();
      queue.pop_front();
      which.queued = false;
      if (dead.count(&which) != 0)
        continue;
      switch (which.pump(shop)) {
        case pair::verdict::wait:
          break;
        case pair::verdict::again:
          enqueue(which);
          break;
        case pair::verdict::over:
          dead.insert({&which, true});
          break;
      }
    }
  }

  void end_idle() {
    while (!idle_list.empty()) {
      auto& first = *idle_list.front();
      if (first.last_heard + first.idle() > shop.now)
        return;
      first.why = ec::timed_out;
      dead.insert({&first, true});
      idle_list.pop_front();
      first.in_idle_list.reset();
    }
  }

  /// Keeps the list in order: whoever was heard goes to its end.
  void refresh_idle() {
    while (!idle_list.empty()) {
      auto& first = *idle_list.front();
      auto& last = *idle_list.back();
      if (&first == &last || first.last_heard <= last.last_heard)
        return;
      idle_list.splice(idle_list.end(), idle_list, idle_list.begin());
    }
  }

  /// Ends those that are over, and tells.
  void bury() {
    for (auto& [which, tell] : dead) {
      auto found = ids.find(which);
      if (found == ids.end())
        continue;
      auto id = found->second;
      auto& each = pairs.at(id);
      if (tell)
        boost::asio::post(
          control,
          [end = each.end, why = which->why,
           bytes = traffic{
             which->counts->sent.load(std::memory_order_relaxed),
             which->counts->received.load(std::memory_order_relaxed)}] {
            if (auto sink = std::exchange(end->sink, nullptr))
              sink(why, bytes);
          });
      if (which->queued)
        queue.erase(std::find(queue.begin(), queue.end(), which));
      if (which->in_idle_list)
        idle_list.erase(*which->in_idle_list);
      ids.erase(found);
      pairs.erase(id);
    }
    dead.clear();
    refresh_idle();
  }

  bool follow_orders() {
    uint64_t counter = 0;
    [[maybe_unused]] auto got = ::read(wake.get(), &counter, sizeof(counter));
    std::vector<std::pair<uint64_t, entry>> in;
    std::vector<uint64_t> out;
    {
      std::lock_guard guard{mutex};
      if (stopping)
        return false;
      in.swap(orders_in);
      out.swap(orders_out);
    }
    for (auto& [id, each] : in)
      take(id, std::move(each));
    for (auto id : out)
      if (auto found = pairs.find(id); found != pairs.end()) {
        found->second.what->abort();
        dead.insert({found->second.what.get(), false});
      }
    return true;
  }

  void take(uint64_t id, entry each) {
    auto& which = *each.what;
    which.last_heard = shop.now;
    for (auto* one : {&which.guest, &which.host}) {
      epoll_event event{};
      event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
      event.data.ptr = one;
      ::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, one->socket.get(), &event);
    }
    if (which.idle() > clock::duration::zero())
      which.in_idle_list = idle_list.insert(idle_list.end(), &which);
    ids[&which] = id;
    pairs.emplace(id, std::move(each));
  }

  boost::asio::io_context& control;
  fd epoll, wake;
  std::mutex mutex;
  bool stopping = false;
  uint64_t last_id = 0;
  std::vector<std::pair<uint64_t, entry>> orders_in;
  std::vector<uint64_t> orders_out;

  relay_workshop shop;
  std::unordered_map<uint64_t, entry> pairs;
  std::unordered_map<pair*, uint64_t> ids;
  std::unordered_map<pair*, bool> dead; // and whether anybody is to be told
  std::deque<pair*> queue;
  std::list<pair*> idle_list;
  std::thread thread;
};

namespace {

/// The control thread's end of a pair.
class handle : public relay_loop::relay {
public:
  handle(
    std::function<void()> drop, std::shared_ptr<ending> end,
    std::shared_ptr<pair_counts> counts)
    : drop_(std::move(drop)),
      end_(std::move(end)),
      counts_(std::move(counts)) {}
  ~handle() override {
    // With the sink gone its end has been told or is not wanted any more.
    if (std::exchange(end_->sink, nullptr))
      drop_();
  }
  traffic bytes() const override {
    return {
      counts_->sent.load(std::memory_order_relaxed),
      counts_->received.load(std::memory_order_relaxed)};
  }

private:
  std::function<void()> drop_;
  std::shared_ptr<ending> end_;
  std::shared_ptr<pair_counts> counts_;
};

} // namespace

relay_loop::relay_loop(boost::asio::io_context& control)
  : parts_(std::make_unique<parts>(control)) {}

relay_loop::~relay_loop() = default;

std::unique_ptr<relay_loop::relay>
relay_loop::join(std::unique_ptr<pair> what, end_sink ended) {
  auto counts = what->counts;
  auto end = std::make_shared<ending>(ending{std::move(ended)});
  auto id = parts_->give({std::move(what), end});
  return std::make_unique<handle>(
    [all = parts_.get(), id] { all->drop(id); }, end, counts);
}

std::unique_ptr<relay_loop::relay>
relay_loop::join_tcp(relay_sides sides, end_sink ended) {
  return join(
    make_tcp_pair(std::move(sides.guest), std::move(sides.host)),
    std::move(ended));
}

std::unique_ptr<relay_loop::relay> relay_loop::join_udp(
  relay_sides sides, std::chrono::seconds idle, end_sink ended) {
  return join(
    make_udp_pair(std::move(sides.guest), std::move(sides.host), idle),
    std::move(ended));
}

} // namespace pier::net
