#pragma once

/// What is said on the channel between the control process and the shim, and
/// between the shim and what it forked: one saying a packet. Pure; descriptors
/// that go with a saying are the channel's business.

#include "messages/error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pier::net::box {

enum class word : uint8_t {
  // Control process to shim.
  plan = 1, // with the memfd, in, out, err, the agent's socket or /dev/null,
            // and perhaps a user namespace
  go,
  signal, // `number`; the shim passes it on to the first process
  files, // with hosts and resolv.conf as they are to be, sealed; passed on, too
  // Shim to control process.
  namespaces, // with the network namespace
  born,       // the first process is there; with its pidfd
  started,    // `number` is the command's pid; perhaps with its notify fd
  failed,     // `code` and `text`; the last but for the end
  exited,     // `number` is the status; the last but for the end
  // What the command's own process tells the shim before it becomes the
  // command; `failed` is the alternative.
  ready, // perhaps with the notify fd
  last
};

struct saying {
  word what = word::failed;
  int32_t number = 0;
  ec code = ec::ok;
  std::string text;

  friend bool operator==(const saying&, const saying&) = default;
};

/// Longer texts are cut.
constexpr size_t max_text = 4096;
constexpr size_t max_saying = max_text + 6;

std::string encode(const saying& what);

/// Nothing: not one of ours.
std::optional<saying> decode_saying(std::string_view bytes);

} // namespace pier::net::box
