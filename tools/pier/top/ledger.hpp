#pragma once

/// What the totals of looks at a system become between two of them: rates, and
/// how they were lately. Pure.

#include "messages/container.hpp"
#include "messages/flow_info.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace pier::cli {

/// One look at everything.
struct sample {
  std::vector<container_info> containers;
  std::vector<flow_info> flows;
};

/// Bytes a second, seen from the guest.
struct pace {
  double sent = 0;
  double received = 0;

  double sum() const noexcept {
    return sent + received;
  }
};

/// One thing's rates, and how the sum of both was at the last looks, the
/// newest last.
struct course {
  static constexpr size_t remembered = 24;

  pace now;
  std::array<double, remembered> lately{};
  uint64_t flows = 0;
  traffic bytes;
};

/// Role: remembers what the last looks have seen.
/// Limits: what a flow carries between the last look and its end is not seen.
class ledger {
public:
  /// `seconds` since the look before. The first one gives no rates.
  void take(sample what, double seconds);

  const sample& seen() const noexcept {
    return seen_;
  }

  /// Zeros for whatever was not seen.
  const course& of_flow(const flow_info& which) const;
  const course& of_container(const std::string& name) const;
  /// Of a port of the container's own, whichever port of the host leads there.
  const course&
  of_port(const std::string& container, protocol proto, uint16_t port) const;

private:
  void add(const std::string& key, const traffic& all, const pace& rate);
  const course& at(const std::string& key) const;

  sample seen_;
  std::map<std::string, course> courses_;
  std::map<std::string, traffic> totals_; // of flows, at the last look
};

} // namespace pier::cli
