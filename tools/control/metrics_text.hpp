#pragma once

/// What was counted, in Prometheus' text format (version 0.0.4). Pure.
///
/// Series are labelled by what a person has named: containers, ports, forwards.
/// No address of a client is among them, so that their number is bounded by
/// what there is.

#include "messages/tally.hpp"
#include "tools/control/process_facts.hpp"

#include <string>

namespace pier::control {

std::string metrics_text(const metrics& all, const process_facts& ours);

} // namespace pier::control
