#pragma once

/// What a proxy auto-config script answers: a list of ways out. Pure; the
/// script may be anybody's.

#include "messages/error.hpp"
#include "messages/upstream_proxy.hpp"

#include <string_view>
#include <vector>

namespace pier::net {

/// "PROXY host:port; HTTPS host:port; SOCKS5 host:port; DIRECT". PROXY and HTTP
/// are one, and so are SOCKS and SOCKS5. PROXY reject.iechor.internal:any, or
/// reject.docker.internal:any, blocks. Nothing at all is DIRECT. What is not
/// understood is passed over: refused with ec::bad_request where nothing is
/// left, or where there are more than 2048 bytes. At most 16 are taken.
result<std::vector<proxy_choice>> parse_pac_answer(std::string_view text);

} // namespace pier::net
