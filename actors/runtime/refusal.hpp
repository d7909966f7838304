#pragma once

/// Between our errors and CAF's: a refusal travels as a caf::error of our
/// category whose context is the sentence.

#include "messages/error.hpp"

#include <caf/error.hpp>

namespace pier::actors {

caf::error to_caf(const error& what);

/// What is owed to whoever asked an actor that died over it.
error met_a_bug();

/// Of CAF's own errors a receiver that died is met_a_bug(), and any other
/// becomes ec::failed with CAF's words.
error from_caf(const caf::error& what);

} // namespace pier::actors
