#pragma once

/// What a supervisor is made of. INTERNAL to tools/libpier.

#include "actors/runtime/refusal.hpp"
#include "net/fd.hpp"
#include "tools/libpier/control_thread.hpp"
#include "tools/libpier/pier.hpp"

#include <caf/all.hpp>

#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <type_traits>

namespace pier {

/// The path of the root; all others begin below it.
constexpr auto root_path = "root";

struct supervisor::parts {
  parts(settings with, news subscriber, console_host host, log reader)
    : hosted(std::move(host)),
      control(
        std::move(with), std::move(subscriber), std::move(reader), hosted.ask) {
  }

  /// From any thread: asks the root and passes its answer on.
  template <class T, class... Ts>
  void ask(reply<T> done, Ts... words) {
    control.post([this, done, words...] { ask_now<T>(done, words...); });
  }

  // -- on the control thread --------------------------------------------------

  /// What CAF says of a root that is not there, or dies meanwhile, becomes a
  /// refusal.
  template <class T, class... Ts>
  void ask_now(const reply<T>& done, const Ts&... words) {
    if (!control.root())
      return done(has_no_root());
    using wire = std::conditional_t<std::is_void_v<T>, done_t, T>;
    control.system().spawn(
      [root = control.root(), done, words...](caf::event_based_actor* self) {
        self->request(root, caf::infinite, words...)
          .then(
            [done](const wire& answer) {
              if constexpr (std::is_void_v<T>) {
                static_cast<void>(answer);
                done(result<void>{});
              } else {
                done(answer);
              }
            },
            [done](const caf::error& why) { done(actors::from_caf(why)); });
      });
  }

  /// Asks again and again whoever was restarted over it.
  void wait(std::string name, reply<container_info> done);
  void wait_later(const std::string& name, const reply<container_info>& done);

  error has_no_root() const {
    if (control.root_is_lost())
      return {ec::stopped, "the supervisor has ended"};
    return {ec::interrupted, "the supervisor is being restarted: try again"};
  }

  void start(
    container_spec spec, const net::stdio& copies,
    const reply<container_info>& done);
  void strike_root(const reply<void>& done);
  void attach(
    uint64_t number, const std::string& client,
    const std::shared_ptr<net::fd>& socket, const reply<void>& done);
  void forget(uint64_t number);

  /// The console of this number hears it, if it is there.
  template <class... Ts>
  void tell(uint64_t number, Ts... words) {
    control.post([this, number, words...] {
      if (auto found = consoles.find(number); found != consoles.end())
        caf::anon_send(found->second, words...);
    });
  }

  void obey(const act& said, const reply<uint64_t>& done);
  void obey_at_root(const act& what, const reply<uint64_t>& done);
  void obey_log(const act& what, const reply<uint64_t>& done);

  /// That one container may have on this machine.
  size_t most_flows = 0;
  settings begun_with;
  console_host hosted;
  /// Those that are attached, by number.
  std::map<uint64_t, console_actor> consoles;
  /// Those whose actor is on its way; whoever leaves meanwhile is none.
  std::set<uint64_t> attaching;
  /// The control thread's, so it is older and dies later.
  std::mt19937_64 random{std::random_device{}()};
  control_thread control;
};

} // namespace pier
