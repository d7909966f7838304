/// Theory of operation. One thread, one epoll, edge-triggered: an event marks
/// a side readable or writable, and its pair is pumped until it would block.
/// A pair with more to do than its turn allows waits in a queue behind the
/// others. Orders from the control thread (take this pair, drop that one) lie
/// in mutex-guarded lists. The control thread itself adds the sockets of a new
/// pair to the epoll, so that the loop wakes when there is something to carry;
/// each round takes the new pairs before it looks at what it has heard. For
/// drops an eventfd wakes it. A pair's end is posted to the control thread,
/// unless its handle was dropped meanwhile, and is counted there only.
///
/// A socket that is added can nearly always be written to: that would wake the
/// loop for nothing. Room is asked about once a write has been refused.
///
/// Within one round the dead stay where they are, since later events of the
/// round may still name them; they are buried at its end.

#include "net/relay/relay_thread.hpp"

#include <boost/asio/post.hpp>

#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>

namespace pier::net {

namespace {

using clock = std::chrono::steady_clock;

constexpr size_t buffer_size = 64 * 1024;
constexpr int events_a_wait = 256;
constexpr uint32_t wanted = EPOLLIN | EPOLLPRI | EPOLLRDHUP | EPOLLET;

void look_at(int epoll, int verb, side& which, uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &which;
  ::epoll_ctl(epoll, verb, which.socket.get(), &event);
}

} // namespace

relay_thread::relay_thread(boost::asio::io_context& control)
  : control_(control),
    epoll_(::epoll_create1(EPOLL_CLOEXEC)),
    wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = nullptr;
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), &event);
  shop_.buffer.resize(buffer_size);
  thread_ = std::thread{[this] { run(); }};
}

relay_thread::~relay_thread() {
  {
    std::lock_guard guard{mutex_};
    stopping_ = true;
  }
  kick();
  thread_.join();
}

// -- on the control thread ----------------------------------------------------

void relay_thread::kick() const {
  uint64_t one = 1;
  [[maybe_unused]] auto written = ::write(wake_.get(), &one, sizeof(one));
}

uint64_t
relay_thread::give(std::unique_ptr<pair> what, std::shared_ptr<ending> end) {
  auto& pair = *what;
  // A clock that is to run from now on must be seen now.
  auto wake = pair.idle() > clock::duration::zero() ? EPOLLOUT : 0U;
  // A pair that is taken may be over at any time, so that this looks at its
  // sockets before anybody can take it.
  std::lock_guard guard{mutex_};
  auto id = ++last_id_;
  orders_in_.emplace_back(id, entry{std::move(what), std::move(end)});
  listen_to(pair.guest, 0);
  listen_to(pair.host, wake);
  return id;
}

void relay_thread::listen_to(side& which, uint32_t further) const {
  look_at(epoll_.get(), EPOLL_CTL_ADD, which, wanted | further);
}

void relay_thread::drop(uint64_t id) {
  std::lock_guard guard{mutex_};
  // Later ones are found beside the first.
  if (orders_out_.empty())
    kick();
  orders_out_.push_back(id);
}

void relay_thread::settle(std::function<void()> done) {
  std::lock_guard guard{mutex_};
  kick();
  orders_told_.push_back(std::move(done));
}

flow_sides relay_thread::look(const pair_counts& which) {
  std::lock_guard guard{closing_};
  return which.of == nullptr ? flow_sides{} : which.of->sides();
}

std::chrono::microseconds relay_thread::processor_time() const {
  clockid_t which{};
  timespec spent{};
  // The handle is the thread's own until it is joined.
  auto thread = const_cast<std::thread&>(thread_).native_handle();
  if (
    ::pthread_getcpuclockid(thread, &which) != 0
    || ::clock_gettime(which, &spent) != 0)
    return {};
  return std::chrono::duration_cast<std::chrono::microseconds>(
    std::chrono::seconds{spent.tv_sec}
    + std::chrono::nanoseconds{spent.tv_nsec});
}

// -- on the thread itself -----------------------------------------------------

void relay_thread::run() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  std::array<epoll_event, events_a_wait> events{};
  for (;;) {
    auto count = ::epoll_wait(
      epoll_.get(), events.data(), events_a_wait, patience());
    shop_.now = clock::now();
    take_new();
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
    tell();
  }
  std::lock_guard guard{closing_};
  for (auto& [id, each] : pairs_) {
    each.what->counts->of = nullptr;
    each.what->abort();
  }
  pairs_.clear();
}

int relay_thread::patience() const {
  if (!queue_.empty())
    return 0;
  auto when = idle_.next();
  if (!when)
    return -1;
  auto left = *when - clock::now();
  auto ms = std::chrono::ceil<std::chrono::milliseconds>(left).count();
  return static_cast<int>(std::clamp<int64_t>(ms, 0, 3'600'000));
}

/// Marks what has changed; the pumping comes when all have been marked.
void relay_thread::hear(side& which, uint32_t what) {
  auto& of = *which.of;
  if (of.why != ec::ok || dead_.count(&of) != 0)
    return;
  if ((what & (EPOLLIN | EPOLLPRI | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0)
    which.readable = true;
  if ((what & (EPOLLRDHUP | EPOLLHUP)) != 0)
    which.hung_up = true;
  if ((what & EPOLLPRI) != 0)
    which.urgent = true;
  if ((what & EPOLLOUT) != 0)
    which.writable = true;
  if ((what & EPOLLERR) != 0 && of.hear_error(which) == pair::verdict::over) {
    dead_.insert({&of, true});
    return;
  }
  enqueue(of);
}

void relay_thread::enqueue(pair& which) {
  if (which.queued)
    return;
  which.queued = true;
  queue_.push_back(&which);
}

void relay_thread::pump_queue() {
  for (auto turns = queue_.size(); turns > 0; --turns) {
    auto& which = *queue_.front();
    queue_.pop_front();
    which.queued = false;
    if (dead_.count(&which) != 0)
      continue;
    switch (which.pump(shop_)) {
      case pair::verdict::wait:
        ask_for_room(which.guest);
        ask_for_room(which.host);
        break;
      case pair::verdict::again:
        enqueue(which);
        break;
      case pair::verdict::over:
        dead_.insert({&which, true});
        break;
    }
    idle_.refresh(which, shop_.now);
  }
  busy_.store(!queue_.empty(), std::memory_order_relaxed);
}

/// From now on; room that there is meanwhile is told, too.
void relay_thread::ask_for_room(side& which) const {
  if (which.writable || which.hears_of_room)
    return;
  which.hears_of_room = true;
  look_at(epoll_.get(), EPOLL_CTL_MOD, which, wanted | EPOLLOUT);
}

void relay_thread::end_idle() {
  while (auto silent = idle_.take_overdue(shop_.now)) {
    silent->why = ec::timed_out;
    dead_.insert({silent, true});
  }
}

/// The ends of a round are told together: a post wakes the control thread.
void relay_thread::tell() {
  for (auto& done : std::exchange(settled_, {}))
    boost::asio::post(control_, std::move(done));
  if (news_.empty())
    return;
  boost::asio::post(control_, [all = std::exchange(news_, {})] {
    for (const auto& [end, why, bytes] : all)
      if (auto sink = std::exchange(end->sink, nullptr))
        sink(why, bytes);
  });
}

/// Ends those that are over, and tells.
void relay_thread::bury() {
  if (dead_.empty())
    return;
  std::lock_guard guard{closing_};
  for (auto& [which, wanted] : dead_) {
    auto found = ids_.find(which);
    if (found == ids_.end())
      continue;
    auto id = found->second;
    if (wanted)
      news_.push_back(
        {pairs_.at(id).end,
         which->why,
         {which->counts->sent.load(std::memory_order_relaxed),
          which->counts->received.load(std::memory_order_relaxed)}});
    if (which->queued)
      queue_.erase(std::find(queue_.begin(), queue_.end(), which));
    idle_.remove(*which);
    which->counts->of = nullptr;
    ids_.erase(found);
    pairs_.erase(id);
  }
  dead_.clear();
}

/// False: the thread is to end.
bool relay_thread::follow_orders() {
  uint64_t counter = 0;
  [[maybe_unused]] auto got = ::read(wake_.get(), &counter, sizeof(counter));
  std::vector<uint64_t> out;
  {
    std::lock_guard guard{mutex_};
    if (stopping_)
      return false;
    out.swap(orders_out_);
    settled_.swap(orders_told_);
  }
  // Whoever is dropped was given before.
  take_new();
  for (auto id : out)
    if (auto found = pairs_.find(id); found != pairs_.end()) {
      found->second.what->abort();
      dead_.insert({found->second.what.get(), false});
    }
  return true;
}

void relay_thread::take_new() {
  std::vector<std::pair<uint64_t, entry>> in;
  {
    std::lock_guard guard{mutex_};
    in.swap(orders_in_);
  }
  for (auto& [id, each] : in) {
    auto& which = *each.what;
    which.last_heard = shop_.now;
    if (which.idle() > clock::duration::zero())
      idle_.add(which);
    ids_[&which] = id;
    pairs_.emplace(id, std::move(each));
  }
}

} // namespace pier::net
