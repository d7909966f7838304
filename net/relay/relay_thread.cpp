/// Theory of operation. One thread at a time (net/relay/shifts), one epoll,
/// edge-triggered: an event marks a side readable or writable, and its pair is
/// pumped until it would block. A pair with more to do than its turn allows
/// waits in a queue behind those who have just been heard of: who says little
/// need not wait for who says much, and everybody has one turn a round. Orders
/// from the control thread (take this pair, drop that one) lie in mutex-guarded
/// lists. The control thread itself adds the sockets of a new pair to the
/// epoll, so that the loop wakes when there is something to carry; each round
/// takes the new pairs before it looks at what it has heard. For drops an
/// eventfd wakes it. A pair's end is posted to the control thread, unless its
/// handle was dropped meanwhile, and is counted there only.
///
/// Where question and answer follow one another at once, the thread does not
/// sleep in between (net/relay/attention).
///
/// Within one round the dead stay where they are, and are buried at its end:
/// the queue may still name them.

#include "net/relay/relay_thread.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace pier::net {

namespace {

using clock = std::chrono::steady_clock;

constexpr size_t buffer_size = 65536;

/// It spins a little before it sleeps. The control thread gives a pair by
/// looking at both of its sockets: the first may wake us, and the second is a
/// matter of a microsecond.
constexpr pthread_mutex_t adaptive = PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP;

} // namespace

relay_thread::relay_thread(boost::asio::io_context& control, shifts::kind by)
  : control_(control), shifts_(by, [this] { return carry(); }) {
  *mutex_.native_handle() = adaptive;
  shop_.buffer.resize(buffer_size);
  shifts_.begin();
}

relay_thread::~relay_thread() {
  {
    std::lock_guard guard{mutex_};
    stopping_ = true;
  }
  watch_.wake();
  shifts_.join();
  std::lock_guard guard{closing_};
  for (auto& [id, each] : pairs_) {
    each.what->counts->of = nullptr;
    each.what->abort();
  }
}

// -- on the control thread ----------------------------------------------------

uint64_t
relay_thread::give(std::unique_ptr<pair> what, std::shared_ptr<ending> end) {
  auto& pair = *what;
  // A clock that is to run from now on must be seen now.
  auto wake = pair.idle() > clock::duration::zero() ? EPOLLOUT : 0U;
  // A pair that is taken may be over at any time, so that this looks at its
  // sockets before anybody can take it.
  std::lock_guard guard{mutex_};
  auto id = pair.id = ++last_id_;
  orders_in_.emplace_back(id, entry{std::move(what), std::move(end)});
  // Who has called may have spoken, which wakes the thread: his socket is the
  // last one, behind which there is no more to wait for.
  auto is_outbound = pair.caller == direction::outbound;
  watch_.listen_to(is_outbound ? pair.host : pair.guest, 0);
  watch_.listen_to(is_outbound ? pair.guest : pair.host, wake);
  return id;
}

void relay_thread::drop(uint64_t id) {
  std::lock_guard guard{mutex_};
  // Later ones are found beside the first.
  if (orders_out_.empty())
    watch_.wake();
  orders_out_.push_back(id);
}

void relay_thread::settle(std::function<void()> done) {
  std::lock_guard guard{mutex_};
  watch_.wake();
  orders_told_.push_back(std::move(done));
}

flow_sides relay_thread::look(const pair_counts& which) {
  std::lock_guard guard{closing_};
  return which.of == nullptr ? flow_sides{} : which.of->sides();
}

std::chrono::microseconds relay_thread::processor_time() {
  return shifts_.processor_time();
}

// -- on the thread itself -----------------------------------------------------

shifts::report relay_thread::carry() {
  auto events = attention_.next(
    patience(), [this](int most) { return watch_.wait(most); });
  shop_.now = clock::now();
  take_new();
  auto speaker = events.size() == 1 ? side_watch::meant_by(events.front())
                                    : side_watch::name{};
  if (!speaker.is_across(last_speaker_))
    attention_.relax();
  last_speaker_ = speaker;
  auto ordered = false;
  // Backwards: each goes to the front of the queue.
  for (auto left = events.size(); left-- > 0;) {
    const auto& event = events[left];
    auto name = side_watch::meant_by(event);
    if (name.pair == 0)
      ordered = true;
    else if (auto* which = find(name))
      hear(*which, event.events);
  }
  pump_queue();
  bury();
  if (ordered && !follow_orders())
    return {shifts::outcome::over, shop_.now};
  end_idle();
  bury();
  tell();
  auto what = queue_.empty() ? shifts::outcome::calm : shifts::outcome::busy;
  return {what, shop_.now};
}

int relay_thread::patience() const {
  if (!queue_.empty())
    return 0;
  auto most = shifts_.patience();
  auto when = idle_.next();
  if (!when)
    return most;
  auto left = *when - clock::now();
  auto ms = std::chrono::ceil<std::chrono::milliseconds>(left).count();
  return static_cast<int>(
    std::clamp<int64_t>(ms, 0, most < 0 ? 3'600'000 : most));
}

/// Nothing: its pair is over.
side* relay_thread::find(side_watch::name name) const {
  auto found = pairs_.find(name.pair);
  if (found == pairs_.end())
    return nullptr;
  auto& which = *found->second.what;
  return name.host ? &which.host : &which.guest;
}

/// Marks what has changed; the pumping comes when all have been marked.
void relay_thread::hear(side& which, uint32_t what) {
  auto& of = *which.of;
  if (of.why != ec::ok || dead_.contains(&of))
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
  if (!std::exchange(of.queued, true))
    queue_.push_front(&of);
}

void relay_thread::pump_queue() {
  for (auto turns = queue_.size(); turns > 0; --turns) {
    auto& which = *queue_.front();
    queue_.pop_front();
    which.queued = false;
    if (dead_.contains(&which))
      continue;
    switch (which.pump(shop_)) {
      case pair::verdict::wait:
        watch_.ask_for_room(which.guest);
        watch_.ask_for_room(which.host);
        break;
      case pair::verdict::again:
        which.queued = true;
        queue_.push_back(&which);
        break;
      case pair::verdict::over:
        dead_.insert({&which, true});
        break;
    }
    idle_.refresh(which, shop_.now);
  }
  busy_.store(!queue_.empty(), std::memory_order_relaxed);
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
  attention_.relax();
  std::lock_guard guard{closing_};
  for (auto& [which, wanted] : dead_) {
    auto found = pairs_.find(which->id);
    if (wanted)
      news_.push_back(
        {found->second.end,
         which->why,
         {which->counts->sent.load(std::memory_order_relaxed),
          which->counts->received.load(std::memory_order_relaxed)}});
    if (which->queued)
      queue_.erase(std::find(queue_.begin(), queue_.end(), which));
    idle_.remove(*which);
    which->counts->of = nullptr;
    pairs_.erase(found);
  }
  dead_.clear();
}

/// False: the thread is to end.
bool relay_thread::follow_orders() {
  watch_.hear_wake();
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
  if (!in.empty())
    attention_.relax();
  for (auto& [id, each] : in) {
    auto& which = *each.what;
    which.last_heard = shop_.now;
    if (which.idle() > clock::duration::zero())
      idle_.add(which);
    pairs_.emplace(id, std::move(each));
  }
}

} // namespace pier::net
