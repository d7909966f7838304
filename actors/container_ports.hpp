#pragma once

/// What a container's supervisor does with its published ports: each spec is a
/// child of its own, which borrows its sockets from the premises.

#include "actors/container.hpp"

#include <memory>
#include <vector>

namespace pier::actors {

/// Refused when it would take the container beyond its share of descriptors,
/// too.
result<std::shared_ptr<net::port>>
reserve(container_pointer self, const port_spec& spec);

/// Tells them what the ports take of that share, and whether a person pauses
/// the container.
void tell_sessions(container_pointer self);

/// `which` is reserved already.
void add_port(container_pointer self, const std::shared_ptr<net::port>& which);

/// A person pauses all of them and what the container itself begins, resumes
/// it, or waits for the end of what runs.
caf::result<uint64_t> obey(container_pointer self, const act& what);

/// Tells all what the container listens on now.
void tell_ports(container_pointer self);

/// The same, though it listens on nothing else: its address is another one.
void retell_ports(container_pointer self);

/// Tells all by which settings they are published from now on.
void adopt_ports(container_pointer self, const port_settings& by);

/// That what is open now closes: the premises are about to be vacated.
void report_closed(container_pointer self);

caf::result<std::vector<bound_port>>
publish(container_pointer self, const port_spec& spec);

/// Answered when the port's actor has ended and its numbers are free.
caf::result<done_t> unpublish(container_pointer self, const port_spec& spec);

} // namespace pier::actors
