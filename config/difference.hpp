#pragma once

/// What differs between two settings. Whoever is concerned by a change is told
/// of that change, and nobody else hears of it. Pure.

#include "messages/adoption.hpp"
#include "messages/error.hpp"
#include "messages/settings.hpp"

#include <string>
#include <vector>

namespace pier::config {

/// One key.
using change = setting_change;

/// "network.hosts.db", as a person would write it.
std::string full_path(const change& of);

/// In the order of the schema, then of names.
std::vector<change> diff(const settings& was, const settings& is);

/// Refused when a change is not of this schema, or its text is not of its
/// grammar: both could come from an older Pier's history.
result<settings> apply(settings to, const std::vector<change>& changes);

} // namespace pier::config
