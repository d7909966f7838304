#pragma once

/// Every actor's interface. INTERNAL marks what an actor hears only from
/// itself, its children or the network.

#include "messages/session_handles.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace pier {

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
  // Names are answered as this one says.
  caf::reacts_to<atom::meet, namer_actor>,
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

/// A PUBLISHED PORT: one spec of one container.
using published_port_actor = node_actor::extend<
  // INTERNAL: a client waits.
  caf::reacts_to<atom::held, arrival>,
  // What listens behind its ports has changed.
  caf::reacts_to<atom::serving, std::vector<service>>,
  // From now on it is published by these.
  caf::reacts_to<atom::adopt, port_settings>>::extend_with<entrance_actor>;

/// The SSH AGENT of the host, for one container.
using ssh_agent_actor = supervisor_actor::extend<
  // From now on the container is answered on these terms.
  caf::reacts_to<atom::adopt, ssh_agent_terms>,
  // INTERNAL: a client waits.
  caf::reacts_to<atom::held, ticket>>;

/// The GATEWAY: the guests' network as one thing that is up or not.
using gateway_actor = node_actor::extend<
  // Answers when the gateway is up, or why it is not.
  caf::replies_to<atom::await>::with<done_t>,
  // Flows from this lease belong to these sessions, until they end.
  caf::reacts_to<atom::house, std::string, lease, sessions_actor>,
  // The guests' network is another one: answers when it stands, or why it does
  // not yet.
  caf::replies_to<atom::adopt>::with<done_t>,
  // A client of the host's is to reach the guest that has the first of these:
  // it goes to its sessions. False: nobody has it.
  caf::replies_to<atom::admit, arrival, std::vector<endpoint>>::with<bool>,
  // INTERNAL: a flow waits at the gate.
  caf::reacts_to<atom::held, arrival>,
  // INTERNAL: the keeper came up, or did not: then why.
  caf::reacts_to<atom::opened, error>,
  // INTERNAL: the keeper has died.
  caf::reacts_to<atom::lost, error>,
  // INTERNAL: something that a person should know.
  caf::reacts_to<atom::warned, error>,
  // INTERNAL: time to try again.
  caf::reacts_to<atom::open>>;

/// The DNS server of the guests.
using dns_actor = namer_actor::extend<
  // The name belongs to this lease, whose questions belong to these sessions,
  // until they end.
  caf::reacts_to<atom::house, std::string, lease, sessions_actor>,
  // From now on questions are answered by these.
  caf::reacts_to<atom::adopt, settings_ptr>,
  // INTERNAL: a guest asks.
  caf::reacts_to<atom::ask, dns_question>>;

/// A CONTAINER: everything of one guest.
using container_actor = supervisor_actor::extend<
  // Reserve the ports, run the command; answers when it runs.
  caf::replies_to<atom::open, ticket>::with<container_info>,
  // SIGTERM, grace, SIGKILL; answers when nothing is left.
  caf::replies_to<atom::stop>::with<done_t>,
  caf::replies_to<atom::signal, int>::with<done_t>,
  caf::replies_to<atom::publish, port_spec>::with<std::vector<bound_port>>,
  caf::replies_to<atom::unpublish, port_spec>::with<done_t>,
  // The gateway or the DNS server is new: make yourself known to it.
  caf::reacts_to<atom::meet, gateway_actor, dns_actor>,
  // New terms: what they end ends at once. Answers how many flows that were.
  caf::replies_to<atom::adopt, flow_terms>::with<uint64_t>,
  // How many flows that would be.
  caf::replies_to<atom::weigh, flow_terms>::with<uint64_t>,
  // Settings for what begins from now on.
  caf::reacts_to<atom::adopt, settings_ptr>,
  caf::replies_to<atom::flows>::with<std::vector<flow_info>>,
  // Answers when all that has been carried is in its tally.
  caf::replies_to<atom::tally>::with<done_t>,
  // Why it would reach that or not, and why a client of a port of it would.
  caf::replies_to<atom::explain, destination>::with<explanation>,
  caf::replies_to<atom::explain, host_port>::with<explanation>,
  // Somebody is to see its packets.
  caf::replies_to<atom::capture, capture_wish>::with<capture_grant>,
  // INTERNAL: its premises have news.
  caf::reacts_to<atom::happened, premises_event>,
  // INTERNAL: the command had its grace.
  caf::reacts_to<atom::overdue>,
  // INTERNAL: the premises are empty, but for these leftovers.
  caf::reacts_to<atom::vacated, std::vector<std::string>>>::
  extend_with<entrance_actor>;

/// All CONTAINERS, by name.
using containers_actor = supervisor_actor::extend<
  caf::replies_to<atom::run, container_spec, ticket>::with<container_info>,
  // Answers when the container has ended and nothing is left of it.
  caf::replies_to<atom::wait, std::string>::with<container_info>,
  caf::replies_to<atom::stop, std::string>::with<done_t>,
  // Stops every container.
  caf::replies_to<atom::stop>::with<done_t>,
  caf::replies_to<atom::signal, std::string, int>::with<done_t>,
  caf::replies_to<atom::publish, std::string, port_spec>::with<
    std::vector<bound_port>>,
  caf::replies_to<atom::unpublish, std::string, port_spec>::with<done_t>,
  caf::replies_to<atom::list>::with<std::vector<container_info>>,
  caf::replies_to<atom::inspect, std::string>::with<container_info>,
  // The flows of this one, or of all where the name is empty.
  caf::replies_to<atom::flows, std::string>::with<std::vector<flow_info>>,
  // What has been counted of each.
  caf::replies_to<atom::tally>::with<std::vector<named_tally>>,
  caf::reacts_to<atom::meet, gateway_actor, dns_actor>,
  // New terms for all of them. Answers how many flows have ended.
  caf::replies_to<atom::adopt, flow_terms>::with<uint64_t>,
  // How many flows that would be.
  caf::replies_to<atom::weigh, flow_terms>::with<uint64_t>,
  // Settings for what begins from now on, for all of them.
  caf::reacts_to<atom::adopt, settings_ptr>,
  caf::replies_to<atom::explain, std::string, destination>::with<explanation>,
  caf::replies_to<atom::explain, std::string, host_port>::with<explanation>,
  caf::replies_to<atom::capture, capture_wish>::with<capture_grant>,
  // INTERNAL: a container's last words.
  caf::reacts_to<atom::ended, container_info>>;

/// A FORWARD: one static forward and its SESSIONS.
using forward_actor = supervisor_actor::extend<
  // New clients go there from now on; the others stay where they are.
  caf::reacts_to<atom::adopt, forward_spec>,
  // How many flows it has.
  caf::replies_to<atom::weigh>::with<uint64_t>,
  caf::replies_to<atom::enumerate>::with<forward_info>,
  // Answers when all that has been carried is in its tally.
  caf::replies_to<atom::tally>::with<done_t>,
  // A container has ended: what leads there ends.
  caf::reacts_to<atom::ended, std::string>,
  // Nobody lives at these addresses any more: what leads there ends.
  caf::reacts_to<atom::vacated, std::vector<ip_address>>,
  // INTERNAL: a client waits.
  caf::reacts_to<atom::held, arrival>,
  // INTERNAL: time to try again.
  caf::reacts_to<atom::open>>::extend_with<entrance_actor>;

/// All FORWARDS, by where they listen.
using forwards_actor = supervisor_actor::extend<
  // Some are new, lead elsewhere, or are no more. Answers how many flows have
  // ended.
  caf::replies_to<atom::adopt, std::vector<forward_change>>::with<uint64_t>,
  // How many flows that would be.
  caf::replies_to<atom::weigh, std::vector<forward_change>>::with<uint64_t>,
  caf::replies_to<atom::enumerate>::with<std::vector<forward_info>>,
  // What has been counted of each.
  caf::replies_to<atom::tally>::with<std::vector<named_tally>>,
  // A container has ended.
  caf::reacts_to<atom::ended, std::string>,
  // Nobody lives at these addresses any more.
  caf::reacts_to<atom::vacated, std::vector<ip_address>>>;

/// A CONSOLE: one client who was let in, in another process. All that it has a
/// handle of. It asks the ROOT, and answers itself, so that no handle of
/// anybody else leaves the process; what is done by it is in the event log.
using console_actor = node_actor::extend<
  caf::replies_to<atom::survey>::with<health>,
  caf::replies_to<atom::list>::with<std::vector<container_info>>,
  caf::replies_to<atom::inspect, std::string>::with<container_info>,
  caf::replies_to<atom::flows, std::string>::with<std::vector<flow_info>>,
  caf::replies_to<atom::enumerate>::with<std::vector<forward_info>>,
  caf::replies_to<atom::wait, std::string>::with<container_info>,
  caf::replies_to<atom::stop, std::string>::with<done_t>,
  caf::replies_to<atom::signal, std::string, int>::with<done_t>,
  caf::replies_to<atom::publish, std::string, port_spec>::with<
    std::vector<bound_port>>,
  caf::replies_to<atom::unpublish, std::string, port_spec>::with<done_t>,
  caf::replies_to<atom::fault, std::string>::with<done_t>,
  // Somebody to be monitored, who dies as the actor at this path does.
  caf::replies_to<atom::monitor, std::string>::with<caf::actor>,
  // A request of the control protocol, for what no actor answers: the answer is
  // in its words, too.
  caf::replies_to<atom::convey, std::string>::with<std::string>,
  // Events go there from now on; whoever asks for them says so by a request.
  caf::reacts_to<atom::follow, caf::actor>,
  // INTERNAL: what was conveyed is answered.
  caf::reacts_to<atom::answered, uint64_t, std::string>,
  // INTERNAL: an event, for whoever follows.
  caf::reacts_to<atom::happened, event>>;

/// All CONSOLES, by number.
using consoles_actor = supervisor_actor::extend<
  // One more, whose client has this name.
  caf::replies_to<atom::attach, uint64_t, std::string>::with<console_actor>>;

/// The ROOT: passes what is asked of it on to CONTAINERS, and FORWARDS, as they
/// are now.
using root_actor = supervisor_actor::extend<
  caf::replies_to<atom::run, container_spec, ticket>::with<container_info>,
  caf::replies_to<atom::wait, std::string>::with<container_info>,
  caf::replies_to<atom::stop, std::string>::with<done_t>,
  caf::replies_to<atom::stop>::with<done_t>,
  caf::replies_to<atom::signal, std::string, int>::with<done_t>,
  caf::replies_to<atom::publish, std::string, port_spec>::with<
    std::vector<bound_port>>,
  caf::replies_to<atom::unpublish, std::string, port_spec>::with<done_t>,
  caf::replies_to<atom::list>::with<std::vector<container_info>>,
  caf::replies_to<atom::inspect, std::string>::with<container_info>,
  // All static forwards.
  caf::replies_to<atom::enumerate>::with<std::vector<forward_info>>,
  caf::replies_to<atom::flows, std::string>::with<std::vector<flow_info>>,
  // What has been counted of everybody.
  caf::replies_to<atom::tally>::with<metrics>,
  // Settings that hold from now on, as a whole or not at all.
  caf::replies_to<atom::adopt, settings_ptr>::with<adoption>,
  // What that would be answered.
  caf::replies_to<atom::weigh, settings_ptr>::with<adoption>,
  // A console has been let in, whose client has this name.
  caf::replies_to<atom::attach, uint64_t, std::string>::with<console_actor>,
  // Why a container would reach that or not.
  caf::replies_to<atom::explain, std::string, destination>::with<explanation>,
  // Why a client of the host's port would reach somebody or not.
  caf::replies_to<atom::explain, host_port>::with<explanation>,
  // A client of this name is to see the packets of a container, or of a port of
  // the host that one has.
  caf::replies_to<atom::capture, std::string, std::string>::with<capture_grant>,
  // Everything that the kernel has of ours, and whose it is.
  caf::replies_to<atom::audit, audit_marks>::with<std::vector<audit_row>>,
  // INTERNAL: a container has ended.
  caf::reacts_to<atom::ended, std::string>>;

} // namespace pier
