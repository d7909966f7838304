#pragma once

/// Every actor's interface. INTERNAL marks what an actor hears only from
/// itself, its children or the network.

#include "messages/session_handles.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace pier {

/// A PUBLISHED PORT: one spec of one container.
using published_port_actor = node_actor::extend<
  // INTERNAL: a client waits.
  caf::reacts_to<atom::held, arrival>,
  // What listens behind its ports has changed.
  caf::reacts_to<atom::serving, std::vector<service>>,
  // From now on it is published by these.
  caf::reacts_to<atom::adopt, port_settings>>::extend_with<entrance_actor>;

/// An AGENT SESSION: one client of the SSH agent, from accepted to gone.
using agent_session_actor = node_actor::extend<
  // From now on it is answered on these terms.
  caf::reacts_to<atom::adopt, ssh_agent_terms>,
  // INTERNAL: its talk has news.
  caf::reacts_to<atom::happened, agent_event>,
  // INTERNAL: a person has said yes, or no.
  caf::reacts_to<atom::confirmed, bool>>;

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
  // INTERNAL: a flow waits at the gate.
  caf::reacts_to<atom::held, arrival>,
  // INTERNAL: the keeper came up, or did not: then why.
  caf::reacts_to<atom::opened, error>,
  // INTERNAL: the keeper has died.
  caf::reacts_to<atom::lost, error>,
  // INTERNAL: a route of the host leads to the guests' network, too.
  caf::reacts_to<atom::overlap, error>,
  // INTERNAL: time to try again.
  caf::reacts_to<atom::open>>;

/// The DNS server of the guests.
using dns_actor = node_actor::extend<
  // The name belongs to this lease, whose questions belong to these sessions,
  // until they end.
  caf::reacts_to<atom::house, std::string, lease, sessions_actor>,
  // From now on questions are answered by these.
  caf::reacts_to<atom::adopt, settings_ptr>,
  // How a guest would be answered that asks for the addresses of this name, A
  // and AAAA.
  caf::replies_to<atom::explain, std::string>::with<std::vector<name_course>>,
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
  // INTERNAL: a container has ended.
  caf::reacts_to<atom::ended, std::string>>;

} // namespace pier
