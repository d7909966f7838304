#pragma once

/// The files of /etc that are the container's own, when what they say is to be
/// something else while it runs. For its first process.

#include <optional>
#include <string>

namespace pier::net::box {

/// Pure: `text` with what is ours in its place; what stands around it stays.
/// Nothing: none of ours is in it, somebody has made it his own.
std::optional<std::string>
revise(const std::string& text, const std::string& was, const std::string& is);

/// The same in its place; whoever reads it meanwhile may read it in part.
void rewrite_file(
  const char* path, const std::string& was, const std::string& is);

} // namespace pier::net::box
