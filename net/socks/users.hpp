#pragma once

/// Who is let in where SOCKS is spoken, and as whom a client comes. No
/// password reaches a log: of a file that is refused only its place and its
/// lines are told.

#include "messages/error.hpp"
#include "net/socks/wire.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pier::net {

/// Whoever is to be let in: a line each, USER:PASSWORD, neither of them empty
/// or longer than 255 bytes; empty lines, and those that begin with #, say
/// nothing. Pure.
result<std::vector<socks_login>> read_users(std::string_view text);

/// The same of a file, which must be nobody else's to read: as ssh has it, of
/// our user or of root, and of mode 0600 or less. Blocks for as long as the
/// file takes.
result<std::vector<socks_login>> load_users(const std::string& path);

/// Whether one of them is that. How long it takes does not say how much of a
/// password is right.
bool knows(const std::vector<socks_login>& all, const socks_login& who);

/// What a client says of itself by "Basic" (RFC 7617); nothing: it is of
/// another scheme, or malformed. Pure.
std::optional<socks_login> read_basic(std::string_view credentials);

} // namespace pier::net
