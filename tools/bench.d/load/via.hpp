#pragma once

/// How a stream gets to where a load goes: straight, or by a proxy.

#include "tools/bench.d/load/place.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace load {

enum class dialect : uint8_t { socks5, http };

struct proxy {
  dialect speaks = dialect::socks5;
  place at;
};

struct route {
  place to;
  std::optional<proxy> by;
};

/// "socks5://ADDRESS:PORT" or "http://ADDRESS:PORT".
proxy parse_proxy(const std::string& url);

/// "ADDRESS:PORT", as HTTP writes it.
std::string authority(const place& at);

/// A stream whose far side is there, by the proxy's own word; -1: it is not.
/// One of HTTP is asked by CONNECT.
int reach(const route& by);

} // namespace load
