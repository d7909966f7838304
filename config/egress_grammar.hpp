#pragma once

/// How rules of the policy are written: TO [PROTOCOL] [PORTS], such as
/// "10.0.0.0/8", "*.example.com tcp 443" or "any udp 6000-7000". Pure.

#include "config/grammar.hpp"
#include "messages/policy.hpp"

namespace pier::config {

/// `place` is the path of the list that the rule stands in: it is called by
/// that and by its text.
grammar<policy_rule> egress_rule(std::string place, policy_rule::effect what);

grammar<bool> yes_or_no();

/// Absent: "unlimited".
grammar<std::optional<size_t>> limit(int64_t most);

/// A container's name, as container_rules has it.
grammar<std::string> container_name();

} // namespace pier::config
