#pragma once

/// The yes that a CONNECT hears (RFC 9110, 9.3.6).

#include <string_view>

namespace pier::net {

constexpr std::string_view tunnel_opened = "HTTP/1.1 200 Connection "
                                           "established\r\n\r\n";

} // namespace pier::net
