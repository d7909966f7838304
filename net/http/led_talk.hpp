#pragma once

/// A connection that is led to a proxy without its client's knowledge.
///
/// Theory of operation. The client is accepted, and its first bytes are looked
/// at where they are, in the kernel (MSG_PEEK): a ClientHello or a request says
/// whom it means. Then a way is dialled, and both sockets go to a relay, which
/// reads these bytes as if nobody had. A client that says nothing waits for its
/// server to speak first, as SMTP and SSH do: after 300 ms it goes by its
/// address.
///
/// The gate's truth is less here: this client is connected before anybody has
/// answered for the server. Where none does, it hears RST.

#include "net/http/http_talk.hpp"

#include <memory>

namespace pier::net {

std::unique_ptr<proxy_talk>
make_led_talk(proxy_talk_parts parts, proxy_talk::sink events);

} // namespace pier::net
