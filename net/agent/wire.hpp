#pragma once

/// The SSH agent's protocol (draft-miller-ssh-agent-14, and OpenSSH's
/// PROTOCOL.agent): what a message says. Pure; every byte may be hostile.
///
/// A message is a length (uint32, big endian), a type (one byte) and its
/// contents. Strings within are lengths and bytes.

#include "messages/ssh_agent.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace pier::net {

using agent_bytes = std::vector<uint8_t>;
using agent_view = std::span<const uint8_t>;

/// OpenSSH's own agent and clients go no further.
constexpr size_t max_agent_message = size_t{256} << 10;

constexpr size_t agent_head = 4;

/// How many bytes the message takes that these begin, its length included.
/// Nothing: they do not say yet; 0: no agent would take it.
std::optional<size_t> agent_message_size(agent_view begin);

/// What a whole message of a client asks.
agent_request read_agent_request(agent_view message);

/// "SHA256:…" of a public key, as `ssh-add -l` prints it.
std::string fingerprint(agent_view key);

/// A whole answer to a list with only these keys left in it, the others' number
/// taken off; the answer as it is where it is no list. Nothing: it is broken.
std::optional<agent_bytes>
keep_keys(agent_view answer, const std::vector<std::string>& keys);

/// SSH_AGENT_FAILURE, whole.
agent_bytes agent_failure();

} // namespace pier::net
