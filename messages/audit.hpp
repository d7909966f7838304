#pragma once

/// What the kernel has of ours, and whose each piece is.

#include "messages/address.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pier {

/// By what an audit knows things of the program around us.
struct audit_marks {
  /// Its sockets and files are below it; empty: it has none.
  std::string folder;
  /// Where else it listens.
  std::vector<endpoint> places;
  /// Clients of it that have a pair of sockets in this process.
  bool has_consoles = false;
};

struct audit_row {
  enum class kind : uint8_t { descriptor, listener, process, name_space, link };
  kind what = kind::descriptor;
  /// Whose table it stands in: "pierd", "pier-keeper", …; a listener's or a
  /// link's network.
  std::string where;
  /// "17 socket tcp 0.0.0.0:8000", "4711 python3".
  std::string thing;
  /// "containers/web/port 8000:80", "the program: its event loop"; of a fault,
  /// whose it might be.
  std::string owner;
  /// Nobody's.
  bool fault = false;

  friend bool operator==(const audit_row&, const audit_row&) = default;
};

/// "descriptor", "namespace".
std::string_view to_string(audit_row::kind what) noexcept;

} // namespace pier
