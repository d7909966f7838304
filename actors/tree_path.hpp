#pragma once

/// Where in the tree that stands which a person names. No messages; asks `net`
/// what is there.

#include "messages/why.hpp"
#include "net/network.hpp"

#include <string>

namespace pier::actors {

/// Below the root, by a path ("root/…" or without), the name of a container, or
/// a port of the host. What means nothing is passed on as it is.
std::string tree_path(net::network& all, const std::string& said);

/// The path of the published port or forward, or of SOCKS, that has it; empty:
/// none has.
std::string path_of(net::network& all, const host_port& wanted);

/// The name of the container that a path leads to or into; empty: none.
std::string container_on(const std::string& path);

/// The id of a published port in the tree.
std::string id_of(const port_spec& spec);

} // namespace pier::actors
