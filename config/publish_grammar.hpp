#pragma once

/// The grammar of `-p` and `--expose`, word for word that of Docker
/// (docker/go-connections, nat.go), with its error texts. Pure.

#include "messages/error.hpp"
#include "messages/port_spec.hpp"

#include <string_view>
#include <vector>

namespace pier::config {

/// [[IP:][HOST_PORTS]:]CONTAINER_PORTS[/PROTOCOL]. A comma is no separator.
result<port_spec> parse_publish(std::string_view text);

/// PORTS[/PROTOCOL], one spec with `host.any()`.
result<port_spec> parse_expose(std::string_view text);

} // namespace pier::config
