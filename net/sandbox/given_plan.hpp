#pragma once

/// How a plan comes to its shim: with the descriptors of the command, the SSH
/// agent's socket, and perhaps a user namespace to make the container's in.

#include "net/sandbox/init.hpp"
#include "net/sandbox/sandbox.hpp"
#include "net/sandbox/shim_channel.hpp"

namespace pier::net::box {

struct given_plan {
  plan what;
  /// Its `shim` and `running` are for others to fill.
  first_process process;
  fd user_namespace;
};

/// `memory` holds the plan, sealed. The descriptors travel inside the socket
/// before there is a shim to take them; what is missing is /dev/null.
result<void> send_plan(int channel, int memory, const sandbox_plan& from);

result<given_plan> take_plan(parcel& from);

} // namespace pier::net::box
