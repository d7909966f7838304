#pragma once

/// Published ports in Docker's words. Pure.

#include "messages/container.hpp"

#include <string>
#include <vector>

namespace pier::cli {

/// `80/tcp -> 0.0.0.0:8080`, one line each, by container port.
std::string port_lines(std::vector<bound_port> ports);

/// `0.0.0.0:8000-8010->80-90/tcp, [::]:53->53/udp (closed)`: neighbours are
/// drawn together; closed are those that the container does not listen on yet.
std::string port_column(std::vector<bound_port> ports);

/// What `pier attach` says when it is plugged in.
std::string attached_line(const container_info& info);

} // namespace pier::cli
