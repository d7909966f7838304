#pragma once

/// The places that new settings need for static forwards, taken before anything
/// changes.

#include "messages/settings.hpp"
#include "net/network.hpp"

#include <vector>

namespace pier::actors {

/// Takes the places of those that are new, as the new settings have it: all of
/// them, or none and why not.
result<void> reserve_new(
  net::network& network, const settings& was, const settings& next,
  const std::vector<forward_change>& changes);

/// Gives them back.
void release_new(
  net::network& network, const settings& was,
  const std::vector<forward_change>& changes);

} // namespace pier::actors
