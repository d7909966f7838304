#pragma once

/// How much one container may have.

#include <cstddef>

namespace pier {

struct limit_settings {
  /// Flows whose far side has not answered yet; more SYNs are dropped, and
  /// come again.
  size_t pending = 1024;
  /// Flows out, open ones too; beyond it as above. A supervisor that has few
  /// descriptors lowers it, so that no container gets hold of all of them.
  size_t flows = 16384;

  friend bool operator==(const limit_settings&, const limit_settings&)
    = default;
};

} // namespace pier
