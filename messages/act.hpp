#pragma once

/// What a person does to the tree by hand: breaking, mending, and closing a
/// door for a while.

#include "messages/log.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pier {

struct act {
  enum class kind : uint8_t {
    kill,    // the actor dies as of a bug; whether it is reborn is policy
    restart, // it dies on purpose, which counts for nothing, and is reborn
    drain,   // as pause; answered when the last flow has ended
    pause,   // no new flows: they are refused, those that run go on
    resume,  // new flows are welcome again
    log,     // so much is written down of it and of what stands below it
  };
  kind what = kind::kill;
  /// Names of the tree below its root, joined by "/"; "root" is the root.
  std::string path;
  /// Why, in the words of whoever did it; it stands in the event.
  std::string reason;
  /// `drain`: then it is answered how many flows are left.
  std::chrono::milliseconds patience{0};
  /// `log`; absent: as much as of what stands above it.
  std::optional<log_level> level{};

  friend bool operator==(const act&, const act&) = default;
};

/// "kill".
std::string_view to_string(act::kind what) noexcept;

} // namespace pier
