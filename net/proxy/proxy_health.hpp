#pragma once

/// Which of several proxies is tried first. Pure: time is told.

#include "messages/upstream_proxy.hpp"

#include <chrono>
#include <string>
#include <unordered_map>
#include <vector>

namespace pier::net {

/// A proxy that was not to be had is tried last for a while: half a minute, and
/// twice as long each time that it fails again, up to five minutes. It is never
/// left out: it may be the only one.
class proxy_health {
public:
  using time_point = std::chrono::steady_clock::time_point;

  void fail(const upstream_proxy& which, time_point now);
  void succeed(const upstream_proxy& which);

  /// The same choices; those that have failed lately come after all others, in
  /// their old order. What is blocked, and whatever stands behind it, stays
  /// there: a list must not become laxer by a proxy's failure. Nor does DIRECT
  /// go before a proxy that stood before it.
  std::vector<proxy_choice>
  in_order(std::vector<proxy_choice> of, time_point now) const;

private:
  struct record {
    time_point until;
    std::chrono::seconds next{30};
  };

  bool is_ill(const proxy_choice& which, time_point now) const;

  std::unordered_map<std::string, record> records_;
};

} // namespace pier::net
