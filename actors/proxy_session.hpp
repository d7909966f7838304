#pragma once

/// One connection of a guest that goes by a proxy: to ours, request by request,
/// or to a server, without knowing of one. Says where each request may go, and
/// by which ways.
///
///     waiting ──asked──▶ naming ──courses, addresses──▶ dialing ──joined──▶
///     open
///        ▲                  │ ours, forbidden, blocked     │ failed │
///        └──────────────────┴──────────answered────────────┴──────────────────┘
///
/// What a rule says of a name is said of what is asked, and what it says of an
/// address of each address that is dialled. Where a proxy of the network around
/// us looks the name up, its address is that proxy's to know: only the name is
/// judged then. Never restarted: its client's connection has ended with it.

#include "messages/handles.hpp"
#include "net/gateway/address_plan.hpp"
#include "net/network.hpp"
#include "net/proxy/proxy_rule.hpp"
#include "net/verdict.hpp"

#include <caf/actor_clock.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <string>
#include <vector>

namespace pier::actors {

struct proxy_session_args {
  net::network* network = nullptr;
  net::proxy_client who = net::proxy_client::knowing;
  guest_rules rules;
  net::guest_network guests;
  /// By which the guest has been told the address, and the rule that let the
  /// connection out: of one that does not know of a proxy.
  std::vector<std::string> names;
  std::string rule;
  namer_actor namer;
  sessions_actor parent;
};

struct proxy_session_state {
  enum class phase : uint8_t { waiting, naming, dialing, open };

  static const char* name;

  ~proxy_session_state();

  health describe() const;
  flow_info report(caf::actor_clock::time_point at) const;

  /// As the rules are now.
  net::guest_proxy proxy() const;

  /// The rules' word on what was asked, at this address.
  net::verdict judge(const ip_address& at) const;

  /// Whether the guest's side of it, or ours, is somewhere else now.
  bool moves(const lease& at, const renumbering& by) const;

  /// Why rules or addresses end it; ec::ok: they do not.
  ec reason_to_end(
    const guest_rules& rules, const lease& at,
    const renumbering_ptr& moved) const;

  void settle();

  /// Which proxies were to be had, for whoever goes by them next.
  void note_proxies(const proxy_event& news) const;

  /// The bytes that nobody has been told of yet.
  traffic take_untold();
  void tell_end();

  proxy_session_args args;
  flow what;
  caf::actor_clock::time_point born;
  phase now = phase::waiting;
  std::unique_ptr<net::proxy_talk> talk;
  bool pending = true;
  proxy_request asked;
  uint64_t requests = 0;
  /// By which proxy it goes, and why: for a person.
  std::string way;
  /// Of what was asked last: what a script has said, or the settings.
  std::vector<proxy_choice> choices;
  std::vector<name_course> courses;
  size_t resolved = 0;
  std::vector<ip_address> addresses;
  found_name unknown;
  std::unique_ptr<net::trial> trial;
  proxy_course course;
  endpoint to;
  ec end_as = ec::ok;
  /// Once a request of its has come about.
  bool came_about = false;
  traffic bytes;
  traffic told;
  caf::actor_clock* clock = nullptr;
};

using proxy_session_pointer = proxy_session_actor::stateful_pointer<
  proxy_session_state>;

proxy_session_actor::behavior_type proxy_session(
  proxy_session_pointer self, const arrival& what, proxy_session_args args);

} // namespace pier::actors
