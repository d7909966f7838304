#pragma once

/// How static forwards are written: where they listen, and where they lead.
/// Pure.
///
///     listen := ["tcp://" | "udp://"] [ADDRESS] ":" PORT | "unix://" PATH
///             | [ADDRESS ":"] PORT ["/tcp" | "/udp"]
///     to     := ADDRESS ":" PORT | CONTAINER ":" PORT | "unix://" PATH
///
/// The second line is as the host's side of `-p` has it.

#include "config/grammar.hpp"
#include "messages/forward.hpp"

namespace pier::config {

grammar<listen_address> forward_listen();

grammar<forward_target> forward_to();

} // namespace pier::config
