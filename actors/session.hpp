#pragma once

/// One flow of a container, from held to ended.
///
///     dialing ──dialed──▶ joining ──joined──▶ open ──ended──▶ gone
///        │ refused: the next target; after the last one the near side is
///        ▼ refused in the same words
///      gone
///
/// Datagrams may go by a SOCKS5 proxy; what it does not take at all goes to the
/// targets, and its other refusals are the last word.
///
/// A session is never restarted: its peers' connection has ended with it.

#include "messages/handles.hpp"
#include "net/network.hpp"
#include "net/verdict.hpp"

#include <caf/actor_clock.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <string>
#include <vector>

namespace pier::actors {

struct session_state {
  enum class phase : uint8_t { dialing, joining, open };

  static const char* name;

  ~session_state();

  health describe() const;
  flow_info report(caf::actor_clock::time_point at) const;

  /// Dials the proxy, the next target, or refuses the near side with `why`.
  /// False: there was none.
  bool dial_next(ec why);

  /// Whether the guest's side of it, or the gateway's, is somewhere else now.
  bool moves(const lease& at, const renumbering& by) const;

  /// Why what the rules say, or the guest's new lease, ends it; ec::ok: they do
  /// not.
  ec reason_to_end(
    const net::verdict& said, const lease& at,
    const renumbering_ptr& addresses) const;

  /// Its peers hear so in the kernel's words: whoever still waits hears why,
  /// the others RST.
  void end(ec why);

  /// Whether its far side is at one of these.
  bool leads_to(const std::vector<ip_address>& addresses) const;

  /// Tells the sessions, once, that this one is not pending any more.
  void settle();

  /// Tells them how it fared.
  void tell_end();

  /// Its peers hear RST, if they are connected.
  void hang_up();

  /// The bytes since the last time.
  traffic take_untold();

  std::chrono::milliseconds age(caf::actor_clock::time_point at) const;

  flow what;
  caf::actor_clock::time_point born;
  phase now = phase::dialing;
  std::vector<endpoint> targets;
  size_t tried = 0;
  /// Tried before them. Few have one, and it is large.
  std::unique_ptr<proxy_way> through;
  /// The proxy that leads it, or is asked to; empty: none does.
  std::string by_proxy;
  std::unique_ptr<net::circuit> circuit;
  sessions_actor parent;
  bool pending = true;
  /// Of the port that its client came by; empty: it is no port's.
  std::string port;
  /// As they were last seen, and as far as somebody was told of them.
  traffic bytes;
  traffic told;
  /// How it has ended; a bug's end is nobody's to say.
  ec end_as = ec::failed;
  const caf::actor_clock* clock = nullptr;
  /// By which names the guest was told its destination.
  std::vector<std::string> names;
  /// The rule that let it out, or did not; empty: none has spoken.
  std::string rule;
};

/// What a session is born with, besides its flow.
struct session_args {
  /// They are dialled in order. Empty: the near side is refused with `why`.
  std::vector<endpoint> targets;
  std::optional<proxy_way> through{};
  ec why = ec::failed;
  std::vector<std::string> names;
  std::string rule;
  std::string port;
  sessions_actor parent;
};

session_actor::behavior_type session(
  session_actor::stateful_pointer<session_state> self, net::network* network,
  const arrival& what, session_args args);

} // namespace pier::actors
