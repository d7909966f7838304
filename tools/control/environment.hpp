#pragma once

#include <cstdlib>
#include <string>

namespace pier::control {

/// Of the environment; empty: it is not set, or to nothing.
inline std::string variable(const char* name) {
  const auto* value = ::getenv(name);
  return value != nullptr ? value : "";
}

} // namespace pier::control
