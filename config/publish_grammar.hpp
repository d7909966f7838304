#pragma once

/// The grammar of `-p` and `--expose`, word for word that of Docker
/// (docker/go-connections, nat.go), with its error texts, and options of our
/// own behind it. Pure.

#include "messages/error.hpp"
#include "messages/port_spec.hpp"

#include <string_view>

namespace pier::config {

/// [[IP:][HOST_PORTS]:]CONTAINER_PORTS[/PROTOCOL][,OPTION=WORD…]. The options
/// are keys of the section [ports]: source=nat|preserve, and, of TCP alone,
/// proxy_protocol=none|v2. A comma separates nothing else.
result<port_spec> parse_publish(std::string_view text);

/// PORTS[/PROTOCOL], one spec with `host.any()`.
result<port_spec> parse_expose(std::string_view text);

} // namespace pier::config
