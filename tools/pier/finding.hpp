#pragma once

/// What `pier doctor` finds, and how it is judged. Pure.

#include "tools/control/json.hpp"

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pier::cli {

struct finding {
  enum class grade : uint8_t {
    good,
    note, // something is less than it could be
    bad,  // the main job does not work
  };
  std::string subject;
  grade how = grade::good;
  std::string text;
  /// The command that would mend it; empty: there is none, or no need.
  std::string mend{};
};

std::string_view to_string(finding::grade how) noexcept;

std::string draw_findings(const std::vector<finding>& all, bool colour);
control::json::value to_json(const finding& one);

/// 1 when something is bad.
int exit_status(const std::vector<finding>& all) noexcept;

/// net.ipv4.ping_group_range, "first last".
finding judge_ping(std::string_view range, gid_t group, bool root);

/// net.ipv4.ip_unprivileged_port_start.
finding judge_low_ports(std::string_view start, bool root);

/// The text of resolv.conf; none: it cannot be read.
finding judge_resolvers(
  const std::optional<std::string>& text, const std::string& path);

/// RLIMIT_NOFILE. A connection takes two descriptors and a pipe each way.
finding judge_descriptors(uint64_t soft, uint64_t hard);

/// What forbids user namespaces, as far as the kernel's switches tell.
struct namespace_switches {
  std::string unprivileged_clone; // kernel.unprivileged_userns_clone
  std::string maximum;            // user.max_user_namespaces
  std::string apparmor;           // kernel.apparmor_restrict_…
};

/// `error_number`: that of a trial as this user; 0: it worked.
finding judge_user_namespaces(
  bool root, int error_number, const namespace_switches& are);

} // namespace pier::cli
