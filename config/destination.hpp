#pragma once

/// How a person names where a container would connect to: a URL or HOST:PORT.
/// Pure.

#include "messages/error.hpp"
#include "messages/why.hpp"

#include <string_view>

namespace pier::config {

/// "https://example.com/x", "web.test:80", "[::1]:443", "10.0.0.1:22". A URL
/// without a port has that of its scheme, http(s), ws(s), ftp or ssh; what
/// stands behind the host, and a user before it, is passed over.
result<destination> parse_destination(std::string_view text);

} // namespace pier::config
