#pragma once

/// The interfaces of those who live as long as one flow, question or client,
/// and of who answers names; messages/handles has the others.

#include "messages/node_handles.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace pier {

/// A SESSION: one flow, from held to ended.
using session_actor = node_actor::extend<
  // New rules, and perhaps a new network, in which its guest has this lease:
  // whether they end this flow, which then ends.
  caf::replies_to<atom::judge, guest_rules, lease, renumbering_ptr>::with<bool>,
  // The same, but nothing ends.
  caf::replies_to<atom::weigh, guest_rules, lease, renumbering_ptr>::with<bool>,
  // Nobody lives at these addresses any more: it ends if it leads there.
  caf::reacts_to<atom::vacated, std::vector<ip_address>>,
  // How it stands; whose it is and its path are for those above it to say.
  caf::replies_to<atom::flows>::with<flow_info>,
  // The bytes that it has carried since this was asked last.
  caf::replies_to<atom::tally>::with<carried>,
  // INTERNAL: its circuit has news.
  caf::reacts_to<atom::happened, circuit_event>>;

/// A QUERY: one DNS question, from asked to answered.
using query_actor = node_actor::extend<
  // INTERNAL: its exchange has news.
  caf::reacts_to<atom::happened, dns_event>>;

/// A WHY: one question of a person, from asked to explained.
using why_actor = node_actor::extend<
  // Once.
  caf::replies_to<atom::explain>::with<explanation>,
  // INTERNAL: name servers have answered, or not.
  caf::reacts_to<atom::learned, found_name>,
  // INTERNAL: what the trial with this number came to.
  caf::reacts_to<atom::ended, uint64_t, error>>;

/// A PROXY SESSION: one connection that goes by a proxy, or comes to ours.
using proxy_session_actor = session_actor::extend<
  // INTERNAL: its talk has news.
  caf::reacts_to<atom::happened, proxy_event>,
  // INTERNAL: a script has said which ways lead there.
  caf::reacts_to<atom::answered, std::vector<proxy_choice>>,
  // INTERNAL: name servers have answered, or not.
  caf::reacts_to<atom::learned, found_name>>;

/// Whoever knows how names are answered.
using namer_actor = node_actor::extend<
  // How a guest would be answered that asks for the addresses of this name, A
  // and AAAA.
  caf::replies_to<atom::explain, std::string>::with<std::vector<name_course>>>;

/// An AGENT SESSION: one client of the SSH agent, from accepted to gone.
using agent_session_actor = node_actor::extend<
  // From now on it is answered on these terms.
  caf::reacts_to<atom::adopt, ssh_agent_terms>,
  // INTERNAL: its talk has news.
  caf::reacts_to<atom::happened, agent_event>,
  // INTERNAL: a person has said yes, or no.
  caf::reacts_to<atom::confirmed, bool>>;

/// A CAPTURE: one client who sees a container's packets, from asked to gone.
using capture_actor = node_actor::extend<
  // Once: answers when its client may begin.
  caf::replies_to<atom::open>::with<capture_grant>,
  // Its container has this address from now on.
  caf::reacts_to<atom::adopt, lease>,
  // INTERNAL: its tap has news.
  caf::reacts_to<atom::happened, tap_event>>;

/// An AUDIT: one question of a person, what the kernel has of ours and whose
/// it is.
using audit_actor = node_actor::extend<
  // Once.
  caf::replies_to<atom::audit>::with<std::vector<audit_row>>,
  // INTERNAL: time to look again.
  caf::reacts_to<atom::ask>>;

} // namespace pier
