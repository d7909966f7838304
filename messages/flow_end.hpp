#pragma once

/// What a session tells of its flow for the count, meanwhile and at the end.

#include "messages/flow.hpp"

#include <cstdint>
#include <string>

namespace pier {

/// Bytes that nobody has been told of yet, and whose they are.
struct carried {
  flow what;
  std::string port;
  traffic bytes;
};

struct flow_end {
  flow what;
  /// The id of the port that its client came by; empty: it is no port's.
  std::string port;
  /// As of flow_info; who was not open never came about.
  std::string state;
  /// ok: both sides were done.
  ec why = ec::ok;
  traffic bytes;
  /// Of these, what nobody has been told yet.
  traffic untold;
  uint64_t milliseconds = 0;

  bool came_about() const {
    return state == "open";
  }
};

} // namespace pier
