#pragma once

/// Settings of proxies that could be chosen.

#include "test/config/arbitrary_settings.hpp"

namespace pier::trials {

/// A part of `choices`.
choice_table proxy_choices();

} // namespace pier::trials
