#pragma once

/// The way home of the process that runs a PAC script.

#include "net/pac/wire.hpp"

namespace pier::pac {

constexpr int channel = 3;
constexpr int script = 4;

void say(const net::pac_saying& what);

/// Ends the process where there is nobody any more who says something.
net::pac_saying hear();

} // namespace pier::pac
