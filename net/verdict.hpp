#pragma once

/// Whether the policy lets a flow out, or a name be asked for, and by which
/// rule: pure functions of policy and question. The order is that of
/// messages/policy.

#include "messages/flow.hpp"
#include "messages/policy.hpp"

#include <span>
#include <string>
#include <string_view>

namespace pier::net {

struct verdict {
  bool allowed = true;
  /// The name of the rule that decided, "air gap", or empty: no rule did. It
  /// lives as long as the policy.
  std::string_view rule;
};

/// `names`: by which the guest has been told the address. A destination in
/// disguise (net/route, `wrapped`) is denied by either address that it has, and
/// allowed by that which is written only.
verdict judge(
  const guest_rules& rules, const flow& what,
  std::span<const std::string> names);

/// Whether a guest may ask for the name; in lower case. It may not when all
/// flows there are denied by name, or behind an air gap when no rule by name
/// allows any. `ours`: answered by ourselves, which an air gap does not forbid.
verdict judge_name(const guest_rules& rules, std::string_view name, bool ours);

/// Whether a rule means the name: then its addresses are to be learned.
bool is_meant(const guest_rules& rules, std::string_view name);

/// The container's own limits, and those of all where it has none.
policy_limits limits_of(const guest_rules& rules);

/// The same for the SSH agent.
ssh_agent_terms agent_terms_of(const guest_rules& rules);

} // namespace pier::net
