/// The part of a supervisor that consoles are attached to.

#include "tools/libpier/console_node.hpp"
#include "tools/libpier/parts.hpp"

namespace pier {

void supervisor::parts::attach(
  uint64_t number, const std::string& client,
  const std::shared_ptr<net::fd>& socket, const reply<void>& done) {
  auto heard = [this, number, done, socket](result<console_actor> made) {
    auto stays = attaching.erase(number) > 0;
    if (!made)
      return done(made.error());
    if (!stays) {
      caf::anon_send_exit(*made, caf::exit_reason::user_shutdown);
      return done(error{ec::stopped, "it has left already"});
    }
    consoles.emplace(number, *made);
    (*made)->attach_functor([this, number] { forget(number); });
    adopt_console(control.system(), std::move(*socket), *made, number);
    done({});
  };
  attaching.insert(number);
  ask_now<console_actor>(heard, atom::attach::value, number, client);
}

void supervisor::parts::forget(uint64_t number) {
  if (consoles.erase(number) > 0 && hosted.gone)
    hosted.gone(number);
}

void supervisor::attach_console(
  uint64_t number, std::string client, int socket, reply<void> done) {
  auto held = std::make_shared<net::fd>(socket);
  parts_->control.post([parts = parts_.get(), number,
                        client = std::move(client), held,
                        done] { parts->attach(number, client, held, done); });
}

void supervisor::detach_console(uint64_t number) {
  parts_->control.post([parts = parts_.get(), number] {
    parts->attaching.erase(number);
    if (auto found = parts->consoles.find(number);
        found != parts->consoles.end())
      caf::anon_send_exit(found->second, caf::exit_reason::user_shutdown);
  });
}

void supervisor::answer_console(
  uint64_t number, uint64_t id, std::string text) {
  parts_->tell(number, atom::answered::value, id, std::move(text));
}

void supervisor::tell_console(uint64_t number, event what) {
  parts_->tell(number, atom::happened::value, std::move(what));
}

} // namespace pier
