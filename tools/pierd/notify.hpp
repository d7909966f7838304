#pragma once

/// systemd's readiness protocol (sd_notify): one datagram to $NOTIFY_SOCKET.

#include <string>
#include <string_view>

namespace pier::daemon {

/// Says `state`, such as "READY=1", to the socket; a path, or an abstract name
/// after "@". False: there is none, or nobody listens.
bool notify(const std::string& socket, std::string_view state);

} // namespace pier::daemon
