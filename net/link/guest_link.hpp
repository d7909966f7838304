#pragma once

/// The link between a guest and the gateway: a veth pair whose one end is a
/// port of the gateway's bridge, whose other end is the guest's eth0.

#include "messages/error.hpp"
#include "net/fd.hpp"
#include "net/gateway/address_plan.hpp"

#include <string>

namespace pier::net {

/// Sockets that see the guest's sockets; made in its namespace.
struct guest_eyes {
  fd diag;
  fd destroy; // empty: there was none to be had
};

/// The gateway's end of a guest's link: it keeps its name when the guest gets
/// another number.
std::string link_name(const lease& at);

/// Called in the gateway's namespace `home`; enters the guest's and returns.
/// Leaves nothing when it is refused.
result<guest_eyes>
plug_guest(const guest_network& net, const lease& at, int guest, int home);

/// A guest that is plugged in has this lease from now on: addresses, routes,
/// MTU and guard of its link. Its connections from addresses that are left end.
/// One whose link is gone already is left alone.
result<void>
move_guest(const guest_network& net, const lease& at, int guest, int home);

result<void> unplug_guest(const lease& at);

} // namespace pier::net
