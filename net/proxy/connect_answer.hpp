#pragma once

/// What an HTTP proxy means that does not connect. Pure.

#include "messages/error.hpp"
#include "net/proxy/http_exchange.hpp"

namespace pier::net {

/// By its status, and more exactly where a header says so: Proxy-Status (RFC
/// 9209), or squid's X-Squid-Error. The text is half a sentence: "it says 403:
/// Forbidden".
error refusal_of(const http_answer& answer);

} // namespace pier::net
