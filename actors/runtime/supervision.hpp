#pragma once

/// The one supervisor: how an actor looks after its children. An actor that
/// has some keeps a `supervision` in its state.
///
/// Theory of operation. Every child is monitored and held by a strong handle
/// until its death is heard, so that no death is missed and none is reported
/// early. A dead child's slot is filled again after a pause, but not before
/// everyone who was told to leave has left: two incarnations never meet. When
/// a child dies more often than its budget allows, `on_spent` decides; unless
/// it is set, the supervisor ends and its own supervisor has the question.
///
/// An EXIT is an order to end: the children leave first, the youngest before
/// the eldest where their fates are tied, all at once where they are not.
/// A supervisor that dies otherwise, of a bug or a spent budget, kills its
/// children before anyone hears of the death: they give nothing up in order,
/// so that their next incarnations find everything where it stood.

#include "actors/runtime/manners.hpp"
#include "actors/runtime/pledge.hpp"
#include "actors/runtime/refusal.hpp"
#include "actors/runtime/reporter.hpp"
#include "actors/runtime/roster.hpp"
#include "actors/runtime/survey.hpp"
#include "messages/container.hpp"
#include "messages/handles.hpp"

#include <caf/response_promise.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace pier::actors {

class supervision {
public:
  /// Installs the manners and the handlers of deaths and orders.
  supervision(
    caf::scheduled_actor* self, std::string kind, fate tie,
    restart_budget budget, reporter news);
  ~supervision();

  supervision(const supervision&) = delete;
  supervision& operator=(const supervision&) = delete;

  // -- children ---------------------------------------------------------------

  /// Adds a child and gives birth to it.
  void add(child_spec spec);

  /// Adds a child that lives already and is never restarted. It stands apart
  /// from the fates of others.
  void adopt(std::string id, caf::actor child);

  /// Lets a child end; `done` is called when it has.
  void remove(std::string_view id, std::function<void()> done);

  /// Null while it is dead or when there is none.
  caf::actor child(std::string_view id);

  /// Of those that live.
  void for_each(
    const std::function<void(const std::string& id, const caf::actor&)>& what)
    const;

  size_t size() const noexcept {
    return roster_.slots().size();
  }

  /// Lets every child end, then calls `done` (once, at the latest call's).
  void end_children(std::function<void()> done);

  // -- decisions of the actor -------------------------------------------------

  /// A child was born, for the first time or again.
  std::function<void(const std::string& id, const caf::actor& child)> on_born;

  /// A child has died and will be born again.
  std::function<void(const std::string& id)> on_restart;

  /// A child is gone for good: it ended and is not restarted.
  std::function<void(const std::string& id, const caf::error& why)> on_gone;

  /// A child's budget is spent; its slot is gone.
  std::function<void(const std::string& id, const caf::error& why)> on_spent;

  /// What to do instead of ending at once when the order comes.
  std::function<void(caf::error why)> on_order;

  /// Facts of the actor's own, shown with its status.
  std::function<health()> describe;

  // -- handlers ---------------------------------------------------------------

  void revive(uint64_t serial);
  void end_grace();

  /// A person kills a child: it dies as of a bug.
  result<void> kill(std::string_view id, const std::string& reason);

  /// It dies on purpose, and whatever falls with it falls; `done` is called
  /// when it is born again. Its budget knows nothing of it.
  result<void> renew(std::string_view id, std::function<void()> done);

  /// Asks every child how it is and answers for all.
  survey_handle survey();

  /// Finds who stands at the path; the rest of it is for that one to follow.
  struct waypoint {
    std::string id;
    caf::actor next;
    std::string rest;
  };
  waypoint follow(const std::string& path);

private:
  result<slot*> find_living(std::string_view id);
  void give_birth(slot& where);
  void hear_death(const caf::down_msg& death);
  void mourn(slot& dead, const caf::error& why);
  void dismiss(slot& which);
  void time_grace(roster::time_point end);
  supervisor_actor me() const;
  void settle();
  void report_fault(const slot& dead, const caf::error& why);

  caf::scheduled_actor* self_;
  std::string kind_;
  fate tie_;
  restart_budget budget_;
  reporter news_;
  roster roster_;
  std::map<uint64_t, std::function<void()>> removals_;
  std::function<void()> ended_;
  bool ending_ = false;
  /// One timer for the grace of all: CAF's cannot be called back, and a
  /// thousand that come late for nothing are a thousand wake-ups.
  std::optional<roster::time_point> grace_timer_;
};

// -- the handlers of a supervisor_actor ---------------------------------------

caf::error no_actor_at(const std::string& path);

/// `state.children` is a std::optional<supervision> or a pointer to one.
template <class Self>
auto on_survey(Self* self) {
  return [self](atom::status) {
    return self->delegate(self->state.children->survey(), atom::status::value);
  };
}

template <class Self>
auto on_fault_path(Self* self) {
  return [self](atom::fault, const std::string& path) -> caf::result<done_t> {
    auto way = self->state.children->follow(path);
    if (!way.next)
      return no_actor_at(path);
    if (!way.rest.empty())
      return self->delegate(
        caf::actor_cast<supervisor_actor>(way.next), atom::fault::value,
        way.rest);
    caf::anon_send(caf::actor_cast<node_actor>(way.next), atom::fault::value);
    return done_t{};
  };
}

/// Who is to die is the business of his supervisor, all else his own.
template <class Self>
auto on_act_path(Self* self) {
  return [self](
           atom::obey verb, const act& what,
           const std::string& path) -> caf::result<uint64_t> {
    auto& children = *self->state.children;
    auto way = children.follow(path);
    if (!way.next)
      return no_actor_at(what.path);
    if (!way.rest.empty())
      return self->delegate(
        caf::actor_cast<supervisor_actor>(way.next), verb, what, way.rest);
    if (what.what == act::kind::kill) {
      auto done = children.kill(way.id, what.reason);
      return done ? caf::result<uint64_t>{uint64_t{0}} : to_caf(done.error());
    }
    if (what.what != act::kind::restart)
      return self->delegate(
        caf::actor_cast<entrance_actor>(way.next), verb, what);
    auto promise = self->template make_response_promise<uint64_t>();
    auto owed = std::make_shared<pledge<uint64_t>>(promise);
    auto begun = children.renew(way.id, [owed] { owed->deliver(0); });
    if (!begun)
      owed->deliver(to_caf(begun.error()));
    return promise;
  };
}

template <class Self>
auto on_find(Self* self) {
  return
    [self](atom::find, const std::string& path) -> caf::result<caf::actor> {
      auto way = self->state.children->follow(path);
      if (!way.next)
        return no_actor_at(path);
      if (!way.rest.empty())
        return self->delegate(
          caf::actor_cast<supervisor_actor>(way.next), atom::find::value,
          way.rest);
      return way.next;
    };
}

template <class Self>
auto on_revive(Self* self) {
  return [self](atom::revive, uint64_t serial) {
    self->state.children->revive(serial);
  };
}

template <class Self>
auto on_grace(Self* self) {
  return [self](atom::grace) { self->state.children->end_grace(); };
}

} // namespace pier::actors
