#pragma once

/// `pier port`.

#include "messages/container.hpp"
#include "tools/pier/command.hpp"

namespace pier::cli {

extern const std::string_view port_help;

int port(const surroundings& here, const arguments& given);

/// What is printed for NAME [PORT[/PROTO]]; an empty `wanted` asks for all.
/// Pure.
result<std::string>
port_answer(const container_info& info, const std::string& wanted);

} // namespace pier::cli
