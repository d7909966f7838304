#pragma once

/// The file that settings name for proxies whose URL has no credentials.

#include "messages/error.hpp"
#include "messages/upstream_proxy.hpp"

#include <string>
#include <string_view>

namespace pier::net {

/// The proxy with the user and the password of the file's first line,
/// USER:PASSWORD; what the URL has goes before it, and without a file it is as
/// it was. A leading "~/" is the home folder. Refused where the file cannot be
/// read or has no such line, in words that show nothing of it.
result<upstream_proxy>
with_login(upstream_proxy proxy, const std::string& file);

/// Pure: of the text of a file. Nothing is taken of a line without a colon.
result<upstream_proxy>
with_login_text(upstream_proxy proxy, std::string_view text);

} // namespace pier::net
