#pragma once

/// What a container_spec must satisfy before an actor sees it. Pure.

#include "messages/container.hpp"
#include "messages/error.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace pier::config {

/// Checks names ([a-zA-Z0-9][a-zA-Z0-9_.-]*, at most 63), the environment,
/// mounts (absolute targets), hosts, hostname, duplicates among the published
/// ports, and that there is either a command or a namespace. With
/// network_mode::host, published ports are taken out and Docker's warning is
/// appended to `warnings`.
result<container_spec>
check(container_spec spec, std::vector<std::string>& warnings);

/// The specs of `-p` and, with `-P`, each exposed port that no `-p` covers.
std::vector<port_spec> published_specs(const container_spec& spec);

bool is_container_name(const std::string& text);

/// "sharp_pilot": a name nobody chose. `seed` decides.
std::string random_name(uint64_t seed);

} // namespace pier::config
