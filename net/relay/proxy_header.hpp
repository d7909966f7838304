#pragma once

/// The header by which a relay tells a server who its client is: version 2 of
/// the PROXY protocol (haproxy, doc/proxy-protocol.txt, 2.2), sent before the
/// first byte of a connection. Pure.

#include "messages/address.hpp"
#include "messages/port_spec.hpp"

#include <string>
#include <string_view>

namespace pier::net {

/// Bytes, with zeros among them: `source` is the client, `destination` what it
/// connected to, both as the client's socket has them. Where they are of two
/// families, IPv4 is mapped into IPv6. Echo requests have no such header: what
/// comes then says nothing of the client.
std::string proxy_header(
  protocol proto, const endpoint& source, const endpoint& destination);

/// The same for a client of a Unix stream socket. Its own name is mostly
/// empty; a name of more than 108 bytes, which no socket has, is cut.
std::string
unix_proxy_header(std::string_view source, std::string_view destination);

} // namespace pier::net
