#pragma once

/// The thread that carries a supervisor: it makes the network and the actor
/// system, runs them, and takes them apart again, all in one place, because
/// CAF wants an actor system to die where it was born.
///
/// Order of the end: containers stop, the root leaves, the loop runs until no
/// actor is left, then the actor system dies, and the network last.

#include "actors/console.hpp"
#include "actors/runtime/logbook.hpp"
#include "actors/runtime/roster.hpp"
#include "actors/runtime/scheduler.hpp"
#include "messages/handles.hpp"
#include "messages/settings.hpp"
#include "net/io_runtime.hpp"
#include "net/kernel_network.hpp"

#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <thread>

namespace pier {

class control_thread {
public:
  /// Starts the thread and returns when the tree stands. `convey`: whom
  /// consoles ask for what no actor answers; null: there are none. `reader`:
  /// who reads the log; null: nobody.
  control_thread(
    settings with, std::function<void(const event&)> news,
    std::function<void(const log_line&)> reader, actors::conveyor convey);

  /// Ends everything and joins.
  ~control_thread();

  control_thread(const control_thread&) = delete;
  control_thread& operator=(const control_thread&) = delete;

  /// From any thread: runs `what` on this one.
  void post(std::function<void()> what);

  // -- on the thread ----------------------------------------------------------

  /// Null while it is dead: for a moment, or for good.
  const root_actor& root() const noexcept {
    return root_;
  }
  /// The end has begun: nothing is to be started any more.
  bool closing() const noexcept {
    return closing_;
  }
  /// It dies too often, or all of this ends.
  bool root_is_lost() const noexcept {
    return given_up_ || closing_;
  }
  /// News of our own, for the subscriber.
  void tell(const event& what) {
    news_(what);
  }
  /// Null: nobody reads it.
  actors::logbook* log() noexcept {
    return log_ ? &*log_ : nullptr;
  }
  /// The root dies; on purpose, that counts for nothing.
  void strike_root(bool on_purpose);
  caf::actor_system& system() noexcept {
    return *system_;
  }
  net::network& network() noexcept {
    return *network_;
  }

private:
  void run(const std::function<void()>& ready);
  void open_log();
  void plant_root();
  void hear_root_died(const caf::error& why);
  void close();
  void vacate_all();

  /// Of the root that is there, and of the next one.
  settings_ptr with_;
  std::function<void(const event&)> news_;
  std::function<void(const log_line&)> reader_;
  actors::conveyor convey_;
  net::io_runtime io_;
  std::unique_ptr<net::kernel_network> network_;
  std::unique_ptr<actors::loop_config> config_;
  std::unique_ptr<caf::actor_system> system_;
  root_actor root_;
  bool closing_ = false;
  bool given_up_ = false;
  /// Its next death is on purpose.
  bool renewing_ = false;
  actors::death_record deaths_;
  std::optional<actors::logbook> log_;
  boost::asio::steady_timer log_settles_{io_.control()};
  boost::asio::steady_timer rebirth_{io_.control()};
  std::thread thread_;
};

} // namespace pier
