#pragma once

/// The namespaces that the shim makes for a container before there is a
/// process in it: user, PID and network. Mount, UTS and IPC are the first
/// process' own business.

#include "messages/container.hpp"
#include "messages/error.hpp"
#include "net/fd.hpp"

#include <optional>
#include <string_view>

namespace pier::net::box {

/// Settings of the kernel that may forbid user namespaces; absent: this kernel
/// has no such setting.
struct user_namespace_limits {
  std::optional<long> max_user_namespaces;
  std::optional<long> unprivileged_userns_clone;
  std::optional<long> apparmor_restrict_unprivileged_userns;
};

/// The sentence for an errno of making a user namespace. Pure.
error user_namespace_refusal(int number, const user_namespace_limits& limits);

/// Enters `user_namespace`, if there is one (-1: none), and makes our own
/// inside; without one we make our own where we are not root. So a container
/// has no capability over anything outside. Then makes the namespaces that
/// children of this process live in, and the network namespace unless
/// `network` is the host's. Single-threaded processes only.
result<void> make_namespaces(int user_namespace, network_mode network);

/// Our own network namespace.
result<fd> network_namespace();

/// Brings the loopback interface of our network namespace up.
result<void> raise_loopback();

} // namespace pier::net::box
