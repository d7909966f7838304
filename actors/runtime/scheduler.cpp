#include "actors/runtime/scheduler.hpp"

#include "net/lifeline.hpp"

#include <caf/detail/simple_actor_clock.hpp>
#include <caf/execution_unit.hpp>
#include <caf/resumable.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <deque>

namespace pier::actors {

namespace asio = boost::asio;

namespace {

/// Turns of actors between two looks at the sockets.
constexpr size_t turns_a_round = 128;

/// Messages of one actor before the next one has its turn.
constexpr size_t messages_a_turn = 64;

/// CAF's timers on one Asio timer, which always stands at the earliest.
/// Cancelling does not move it: at worst it fires once for nothing.
class loop_clock : public caf::detail::simple_actor_clock {
public:
  using base = caf::detail::simple_actor_clock;

  explicit loop_clock(asio::io_context& loop) : timer_(loop) {}

  void set_ordinary_timeout(
    time_point t, caf::abstract_actor* self, caf::atom_value type,
    uint64_t id) override {
    base::set_ordinary_timeout(t, self, type, id);
    arm();
  }

  void set_multi_timeout(
    time_point t, caf::abstract_actor* self, caf::atom_value type,
    uint64_t id) override {
    base::set_multi_timeout(t, self, type, id);
    arm();
  }

  void set_request_timeout(
    time_point t, caf::abstract_actor* self, caf::message_id id) override {
    base::set_request_timeout(t, self, id);
    arm();
  }

  void schedule_message(
    time_point t, caf::strong_actor_ptr receiver,
    caf::mailbox_element_ptr content) override {
    base::schedule_message(t, std::move(receiver), std::move(content));
    arm();
  }

  void schedule_message(
    time_point t, caf::group target, caf::strong_actor_ptr sender,
    caf::message content) override {
    base::schedule_message(
      t, std::move(target), std::move(sender), std::move(content));
    arm();
  }

  void stop() {
    cancel_all();
    timer_.cancel();
  }

private:
  void arm() {
    if (schedule().empty())
      return;
    auto due = schedule().begin()->first;
    if (armed_ && due >= due_)
      return;
    armed_ = true;
    due_ = due;
    timer_.expires_at(due);
    timer_.async_wait(life_.guard([this](const boost::system::error_code& why) {
      if (why)
        return;
      armed_ = false;
      trigger_expired_timeouts();
      arm();
    }));
  }

  asio::steady_timer timer_;
  net::lifeline life_;
  time_point due_;
  bool armed_ = false;
};

class loop_scheduler : public caf::scheduler::abstract_coordinator,
                       public caf::execution_unit {
public:
  loop_scheduler(caf::actor_system& system, asio::io_context& loop)
    : caf::scheduler::abstract_coordinator(system),
      caf::execution_unit(&system),
      loop_(loop),
      clock_(loop) {}

  using caf::execution_unit::system;

  /// CAF makes its modules by this name.
  static caf::actor_system::module*
  make(caf::actor_system& system, caf::detail::type_list<>) {
    const auto& config = dynamic_cast<const loop_config&>(system.config());
    return new loop_scheduler(system, config.loop);
  }

  caf::actor_clock& clock() noexcept override {
    return clock_;
  }

  /// From any thread.
  void enqueue(caf::resumable* what) override {
    if (loop_.get_executor().running_in_this_thread())
      exec_later(what);
    else
      asio::post(loop_, [this, what] { exec_later(what); });
  }

  /// From the loop's thread.
  void exec_later(caf::resumable* what) override {
    ready_.push_back(what);
    if (posted_)
      return;
    posted_ = true;
    asio::post(loop_, [this] { run_round(); });
  }

  /// Called by the actor system's destructor, on the loop's thread, when no
  /// actor runs any more: what is left are CAF's own.
  void stop() override {
    loop_.restart();
    loop_.poll();
    stop_actors();
    loop_.restart();
    loop_.poll();
    clock_.stop();
    for (; !ready_.empty(); ready_.pop_front())
      cleanup_and_release(ready_.front());
  }

private:
  void run_round() {
    posted_ = false;
    for (size_t turn = 0; turn < turns_a_round && !ready_.empty(); ++turn) {
      auto what = ready_.front();
      ready_.pop_front();
      if (what->resume(this, messages_a_turn) == caf::resumable::resume_later)
        ready_.push_back(what);
      else
        caf::intrusive_ptr_release(what);
    }
    if (!ready_.empty() && !posted_) {
      posted_ = true;
      asio::post(loop_, [this] { run_round(); });
    }
  }

  asio::io_context& loop_;
  loop_clock clock_;
  std::deque<caf::resumable*> ready_;
  bool posted_ = false;
};

} // namespace

loop_config::loop_config(asio::io_context& where) : loop(where) {
  load<loop_scheduler>();
}

} // namespace pier::actors
