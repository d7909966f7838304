#pragma once

/// The SSH agent of the host, as containers may use it: what they ask of it
/// (draft-miller-ssh-agent), and on which terms they are answered. Values; the
/// wire is net/agent.

#include "messages/error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pier {

/// The section [ssh_agent]; a key of it that a container says otherwise goes
/// before it.
struct ssh_agent_terms {
  bool enabled = true;
  /// The agent's socket; "auto": see net/agent/host_agent.
  std::string socket = "auto";
  /// "SHA256:…", as `ssh-add -l` prints them. Empty: every key.
  std::vector<std::string> keys;
  /// A shell command that is run before a key is used; its success is a yes.
  /// Empty: nobody is asked.
  std::string confirm;
  /// Whether a container may also add and remove keys, lock and unlock.
  bool changes = false;

  friend bool operator==(const ssh_agent_terms&, const ssh_agent_terms&)
    = default;
};

/// What one container says of it. Absent: as for everybody.
struct own_ssh_agent_terms {
  std::optional<bool> enabled;
  std::optional<std::vector<std::string>> keys;
  std::optional<std::string> confirm;
  std::optional<bool> changes;

  friend bool operator==(const own_ssh_agent_terms&, const own_ssh_agent_terms&)
    = default;
};

/// One request of a client.
struct agent_request {
  enum class kind : uint8_t {
    list,   // which keys there are
    sign,   // by `key`
    bind,   // says to whom the client is connected; changes nothing
    change, // adds or removes keys, locks or unlocks
    other,  // what we do not know
  };
  kind what = kind::other;
  /// "SHA256:…"; empty: it is about no key.
  std::string key;
  /// What it is, for a person: "to add a key".
  std::string text;

  friend bool operator==(const agent_request&, const agent_request&) = default;
};

/// What a client's conversation tells its actor.
struct agent_event {
  enum class kind : uint8_t {
    asked,       // `what` waits for a yes or a no
    unreachable, // it had a yes, but there is no agent; `why` says so
    ended,       // the client has left, or was no client of an agent
  };
  kind news = kind::ended;
  agent_request what;
  /// Who asked, in the host's PID namespace; 0: not known.
  int process = 0;
  error why{ec::ok, {}};
};

} // namespace pier
