#pragma once

/// Those who wait for the end of flows, of one port or of all.

#include "actors/runtime/pledge.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace pier::actors {

/// Lifetime: when it ends, its owner and all flows have ended, and that is the
/// answer to everybody who still waits.
class drains {
public:
  /// How many flows there are that came in by this port; empty: at all.
  using counter = std::function<uint64_t(const std::string& port)>;

  drains() = default;
  ~drains();

  drains(const drains&) = delete;
  drains& operator=(const drains&) = delete;

  /// The number by which it is given up.
  uint64_t add(std::string port, caf::typed_response_promise<uint64_t> owed);

  /// Answers those who have nothing left to wait for.
  void settle(const counter& count);

  /// The patience of this one is over.
  void give_up(uint64_t number, const counter& count);

private:
  struct entry {
    std::string port;
    pledge<uint64_t> owed;
  };

  std::map<uint64_t, entry> entries_;
  uint64_t last_ = 0;
};

} // namespace pier::actors
