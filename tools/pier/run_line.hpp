#pragma once

/// The line of `pier run`, read into a value. Pure.

#include "messages/container.hpp"
#include "messages/error.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pier::cli {

struct run_line {
  container_spec spec;
  bool detach = false;
  bool interactive = false;
  bool help = false;
  /// Names that stand for the host, whose address the supervisor knows.
  std::vector<std::string> host_gateway;
};

/// What the line depends on besides its words.
struct run_context {
  std::map<std::string, std::string> environment;
  std::string cwd;
};

extern const std::string_view run_help;

result<run_line>
parse_run(const std::vector<std::string>& words, const run_context& from);

/// type=bind,src=…,target=…[,readonly]
result<bind_mount> parse_mount(std::string_view text, const std::string& cwd);

/// What a command finds in its environment when nothing is asked for: with the
/// host's files a few variables of the caller, with files of its own Docker's.
/// Never the whole environment: it is full of secrets.
std::vector<std::string> base_environment(
  const std::map<std::string, std::string>& caller, bool own_files,
  bool terminal);

} // namespace pier::cli
