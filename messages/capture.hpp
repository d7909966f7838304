#pragma once

/// A capture: somebody sees the packets of one container. Values; the packets
/// go from the kernel to him, and the socket that they come from stays in `net`
/// until he has it.

#include "messages/error.hpp"
#include "messages/flow.hpp"
#include "messages/why.hpp"

#include <optional>
#include <string>

namespace pier {

/// What is to be seen, and by whom.
struct capture_wish {
  std::string container;
  /// Absent: everything of the container. Else a port of the host that it has.
  std::optional<host_port> port;
  /// "user 0, process 4711".
  std::string client;
};

/// Leave to look.
struct capture_grant {
  std::string container;
  /// The gateway's end of the container's link.
  std::string link;
  /// What is to be left in, in the words of pcap-filter(7); empty: everything.
  std::string filter;
  /// What that is, in a sentence for whoever reads the packets later.
  std::string text;
  /// Under which net has the reader's ends.
  ticket number = 0;
};

/// What a tap tells its actor.
struct tap_event {
  enum class kind : uint8_t {
    opened,  // the reader's ends wait under `number`; `link` is its name
    refused, // there is none; `why` says so
    ended,   // the reader has gone
  };
  kind what = kind::ended;
  ticket number = 0;
  std::string link;
  error why{ec::ok, {}};
};

} // namespace pier
