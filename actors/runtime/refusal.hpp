#pragma once

/// Between our errors and CAF's: a refusal travels as a caf::error of our
/// category whose context is the sentence.

#include "messages/error.hpp"

#include <caf/error.hpp>

namespace pier::actors {

caf::error to_caf(const error& what);

/// An error of CAF's own (a request's timeout, a receiver that died) becomes
/// ec::failed with CAF's words.
error from_caf(const caf::error& what);

} // namespace pier::actors
