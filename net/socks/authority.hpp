#pragma once

/// Host and port as they stand in URLs and in CONNECT (RFC 3986, 3.2). Pure;
/// every byte may be hostile.

#include "net/socks/wire.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace pier::net {

/// "web:80", "[::1]:80", "10.0.0.7". `port` is that of one that names none;
/// nothing: it must name one. Nobody's name and password stand before it.
std::optional<socks_address>
read_authority(std::string_view text, std::optional<uint16_t> port);

} // namespace pier::net
