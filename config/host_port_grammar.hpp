#pragma once

/// How a person names a port of the host: [IP:]PORT[/PROTOCOL]. Pure.

#include "messages/error.hpp"
#include "messages/why.hpp"

#include <string_view>

namespace pier::config {

/// "8000", "127.0.0.1:8000", "[::1]:53/udp"; without a protocol TCP is meant.
result<host_port> parse_host_port(std::string_view text);

} // namespace pier::config
