#pragma once

/// A connection of a guest that goes by a proxy. A part of the door in
/// net/network.hpp; its rules are the same.

#include "messages/error.hpp"
#include "messages/flow.hpp"
#include "messages/proxy.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace pier::net {

/// One guest's connection that goes by a proxy: it says whereto, request by
/// request or once, and waits for a yes or a no. Destroyed, it is reset.
class proxy_talk {
public:
  using sink = std::function<void(const proxy_event&)>;

  virtual ~proxy_talk() = default;

  /// What was asked last goes on by the first of these ways that answers;
  /// `joined` or `failed` follows, unless it goes where the last one went.
  virtual void allow(const proxy_course& by) = 0;

  /// A client of HTTP hears why: 403 for ec::forbidden, 504 for
  /// ec::timed_out, 502. Others hear RST.
  virtual void refuse(const error& why) = 0;

  virtual traffic bytes() const = 0;
};

/// A destination, as far as a proxy auto-config script may know it.
struct script_question {
  /// It is asked for in plain HTTP.
  bool is_http = true;
  /// A name in lower case, or an address.
  std::string host;
  uint16_t port = 0;
};

/// Who a connection that goes by a proxy takes us for.
enum class proxy_client : uint8_t {
  knowing,   // for an HTTP proxy
  unknowing, // for the server
};

} // namespace pier::net
