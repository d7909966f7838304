#pragma once

/// iptables-nft(8) and ip6tables-nft(8), for kernels whose nft lacks a part.
/// For the keeper: it waits for them, and they are brief.

#include "messages/address.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pier::net {

bool has_iptables(family kind);

/// What it has said when it failed; nothing: it is done.
std::optional<std::string>
run_iptables(family kind, std::vector<std::string> line);

} // namespace pier::net
