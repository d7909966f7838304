#pragma once

/// The sections [policy], [ssh_agent], [proxy], [containers_proxy] and
/// [container."NAME"]: what may leave the guest network, how much, and by which
/// proxy, and what may be asked of the host's SSH agent. Values; the judge is
/// net/verdict.
///
/// A flow out is asked about in this order, and the first that says something
/// decides:
///
///     1. the container's own deny rules     2. its own allow rules
///     3. everybody's deny rules             4. everybody's allow rules
///     5. the air gap: forbidden             6. allowed
///
/// So a container's own word goes before everybody's, and within one section
/// deny goes before allow, wherever they stand. An allow rule alone forbids
/// nothing: it is an exception, from everybody's rules or from the air gap.
/// Behind an air gap names are answered only out of our own zone, and for the
/// names that an allow rule names; everybody's allow rules hold there, too.
///
/// Not subject to any of it: what never leaves (guests among each other, our
/// own DNS), and what clients send to published ports. What the gateway never
/// lets out (the host's loopback in disguise, multicast) no rule allows.

#include "messages/ip_subnet.hpp"
#include "messages/port_spec.hpp"
#include "messages/proxy.hpp"
#include "messages/ssh_agent.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pier {

/// One line of a list. A rule that says neither where to nor which name means
/// every destination.
struct policy_rule {
  enum class effect : uint8_t { allow, deny };

  /// How it is called in logs: where it stands, as a person wrote it.
  std::string name;
  effect what = effect::deny;
  /// Absent: every one, echo requests included.
  std::optional<protocol> proto;
  std::optional<ip_subnet> to;
  /// "example.com", that name alone, or "*.example.com", every name below it.
  /// Lower case. It stands for the addresses that our DNS has told this
  /// container for such a name while the rule was there, as long as the answer
  /// lives and not less than ten minutes; a flow that runs keeps the names that
  /// it was let through by. An address that two names share is that of both.
  std::string host;
  /// Absent: all; else no echo request is meant.
  std::optional<port_range> ports;

  friend bool operator==(const policy_rule&, const policy_rule&) = default;
};

/// How much one container may have at once. Absent: what all may have, or what
/// the machine can. Beyond it flows are dropped in silence, as when the
/// machine is full, and the guest's kernel tries again; questions are REFUSED.
struct policy_limits {
  std::optional<size_t> connections; // TCP, both ways
  std::optional<size_t> flows;       // all of them; each holds two descriptors
  std::optional<size_t> queries;     // DNS questions a second
  std::optional<size_t> descriptors; // of ours, for flows and ports

  friend bool operator==(const policy_limits&, const policy_limits&) = default;
};

struct container_policy {
  std::vector<policy_rule> rules;
  /// Absent: as for everybody.
  std::optional<bool> air_gap;
  policy_limits limits;
  own_ssh_agent_terms ssh_agent;
  own_proxy_terms proxy;

  friend bool operator==(const container_policy&, const container_policy&)
    = default;
};

struct policy {
  std::vector<policy_rule> rules;
  bool air_gap = false;
  policy_limits limits;
  ssh_agent_terms ssh_agent;
  /// Of the host itself, and of containers that go by the same.
  proxy_terms proxy;
  pier::containers_proxy containers_proxy;
  std::map<std::string, container_policy> containers;

  friend bool operator==(const policy&, const policy&) = default;
};

/// Handed around as one value, which nobody changes. Null: nothing is
/// forbidden.
using policy_ptr = std::shared_ptr<const policy>;

/// The policy as it is for one container.
struct guest_rules {
  std::string who;
  policy_ptr by;
};

} // namespace pier
