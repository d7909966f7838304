#pragma once

/// An errno as the error that a person reads.

#include "messages/error.hpp"

#include <string>
#include <string_view>

namespace pier::net::box {

/// strerror(3) as Go and Docker spell it: "no such file or directory".
std::string errno_text(int number);

/// "doing: no such file or directory", with the cause that fits.
error refusal(int number, std::string_view doing);

} // namespace pier::net::box
