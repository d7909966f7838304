#pragma once

#include "tools/libpier/pier.hpp"

#include <string>
#include <vector>

namespace pier {

/// A container of the fake supervisor, and who waits for its end.
struct box {
  container_info info;
  std::vector<supervisor::reply<container_info>> waiting;
  std::vector<supervisor::reply<void>> stopping;
};

inline error nobody(const std::string& name) {
  return {ec::no_such_container, "No such container: " + name};
}

} // namespace pier
