#pragma once

/// The interfaces of what begins and ends with a flow or a question, and of
/// those who have them. A part of messages/handles.

#include "messages/node_handles.hpp"

#include <chrono>
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

/// The SESSIONS of one container.
using sessions_actor = supervisor_actor::extend<
  // A guest's flow waits at the gate: give it a session.
  caf::reacts_to<atom::admit, arrival>,
  // A client waits at a published port of this id: give it a session to the
  // first of these that answers.
  caf::reacts_to<atom::admit, arrival, std::vector<endpoint>, std::string>,
  // A guest asks a name: give it a query that takes this course, unless the
  // rules forbid it.
  caf::reacts_to<atom::ask, dns_question, dns_course>,
  // New terms: what they end ends at once. Answers how many flows that were.
  caf::replies_to<atom::adopt, flow_terms>::with<uint64_t>,
  // How many flows that would be.
  caf::replies_to<atom::weigh, flow_terms>::with<uint64_t>,
  // How many flows there are.
  caf::replies_to<atom::weigh>::with<uint64_t>,
  // Nobody lives at these addresses any more: what leads there ends.
  caf::reacts_to<atom::vacated, std::vector<ip_address>>,
  // So much may be there from now on.
  caf::reacts_to<atom::adopt, limit_settings>,
  // The container's ports hold so many descriptors.
  caf::reacts_to<atom::published, uint64_t>,
  // All flows as they stand.
  caf::replies_to<atom::flows>::with<std::vector<flow_info>>,
  // Flows out are refused from now on, or no longer.
  caf::reacts_to<atom::pause, bool>,
  // Answers when the last flow that came in by this port has ended, or the last
  // of all where it is empty; or how many are left when the patience is over.
  caf::replies_to<atom::drain, std::string, std::chrono::milliseconds>::with<
    uint64_t>,
  // Why a flow out comes about or not.
  caf::replies_to<atom::explain, destination, std::vector<name_course>>::with<
    explanation>,
  // The last clients of this port that have gone, the last one first.
  caf::replies_to<atom::explain, std::string>::with<std::vector<past_client>>,
  // INTERNAL: the patience of the drain with this number is over.
  caf::reacts_to<atom::drain, uint64_t>,
  // Answers when all that has been carried is in the container's tally.
  caf::replies_to<atom::tally>::with<done_t>,
  // INTERNAL: a flow has ended.
  caf::reacts_to<atom::ended, flow_end>,
  // INTERNAL: others were asked this question, and took so long.
  caf::reacts_to<
    atom::answered, std::string, dns_outcome, std::chrono::microseconds>,
  // INTERNAL: these are the addresses of the name, for so many seconds.
  caf::reacts_to<
    atom::learned, std::string, std::vector<ip_address>, std::chrono::seconds>,
  // INTERNAL: a session is no longer pending.
  caf::reacts_to<atom::joined>>;

} // namespace pier
