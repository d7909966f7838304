#pragma once

/// What the control process tells the shim, as a value and as JSON. Pure: the
/// JSON travels in a sealed memfd, which is shim_channel's business.

#include "messages/container.hpp"
#include "messages/error.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pier::net::box {

/// The kernel itself refuses a longer argv and environment than this (6 MiB
/// are the most that execve(2) takes); what is longer is not looked at.
constexpr size_t max_plan_bytes = size_t{16} << 20;

/// HOST_NAME_MAX of Linux.
constexpr size_t max_hostname = 64;

/// The part of a container_spec that its processes are made from.
struct plan {
  network_mode network = network_mode::bridge;
  std::vector<std::string> command;
  std::vector<std::string> environment;
  std::vector<bind_mount> mounts;
  std::string hostname;
  std::string rootfs;
  std::string workdir;
  bool terminal = false;
  std::string resolv_conf;
  std::string hosts;
};

bool operator==(const plan& a, const plan& b);

/// Refuses what no shim could do: no command, bytes that are no C string,
/// paths that are not absolute.
result<void> check(const plan& what);

/// Strings may hold any byte but NUL: argv is not always UTF-8.
std::string encode(const plan& what);

/// Decodes and checks.
result<plan> decode_plan(std::string_view text);

} // namespace pier::net::box
