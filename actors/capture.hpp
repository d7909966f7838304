#pragma once

/// One client who sees the packets of a container, from asked to gone. The
/// packets themselves go from the kernel to him (net/capture/kernel_tap); here
/// is what that is of, who it is, and its end: his, the container's, or by
/// hand. Never restarted: whoever sees no more asks again.
///
///     opening ──opened──▶ open ── the client goes, or it is told to end ──▶
///     gone
///        └── refused ──────────────────────────────────────────────────────▶

#include "actors/runtime/pledge.hpp"
#include "actors/runtime/supervision.hpp"
#include "messages/handles.hpp"
#include "net/network.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <optional>
#include <string>

namespace pier::actors {

struct capture_args {
  std::shared_ptr<net::premises> premises;
  capture_wish wish;
  /// Of a port: which packets are let in.
  std::string filter;
  /// What is seen, in a sentence.
  std::string text;
  reporter news;
};

struct capture_state {
  static const char* name;

  ~capture_state();

  health describe() const;
  void report(event::kind what, const std::string& text) const;

  capture_args args;
  std::optional<pledge<capture_grant>> owed;
  std::unique_ptr<net::tap> tap;
  bool open = false;
  /// Why it is over, where it is not the client who has gone.
  std::string last_words;
};

capture_actor::behavior_type
capture(capture_actor::stateful_pointer<capture_state> self, capture_args args);

} // namespace pier::actors
