#pragma once

/// The last word to a client that is sent away.

#include "net/fd.hpp"

#include <string_view>

namespace pier::net {

/// Says it and closes. What the client has sent meanwhile is read and dropped:
/// a socket that is closed with something unread is reset, and the client might
/// never see the word.
void hang_up(fd client, std::string_view word);

/// False: it has not been taken as a whole, which the first few bytes of a
/// connection are.
bool say(int client, std::string_view word);

} // namespace pier::net
