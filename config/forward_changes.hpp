#pragma once

/// What differs between static forwards. Pure, and quick: of thousands one may
/// have changed.

#include "messages/forward.hpp"

#include <map>
#include <vector>

namespace pier::config {

using forwards = std::map<listen_address, forward_spec>;

/// Those that are no more, then those that are new or lead elsewhere.
std::vector<forward_change>
forward_changes(const forwards& was, const forwards& is);

} // namespace pier::config
