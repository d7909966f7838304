#pragma once

/// Who may look at a Pier, and from where.

#include "messages/address.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace pier {

struct console_settings {
  /// Where consoles of other machines are let in; absent: nowhere.
  std::optional<endpoint> listen;
  /// Users who may read, and nothing else, at the control socket.
  std::vector<uint32_t> observers;

  friend bool operator==(const console_settings&, const console_settings&)
    = default;
};

} // namespace pier
