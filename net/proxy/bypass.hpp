#pragma once

/// What goes by no proxy. Pure.

#include "messages/proxy.hpp"

#include <span>
#include <string_view>

namespace pier::net {

/// The first exclusion that means this host, a name in lower case or an
/// address, at this port; null: none does.
///
///     *                everything
///     example.com      itself and what is below it
///     .example.com     what is below it; *.example.com is the same
///     10.0.0.1         that address, written as such or in IPv6 as ::ffff:
///     10.0.0.0/8       the addresses in it; a name is in no network
///     example.com:80   the same at that port alone
const exclusion* find_exclusion(
  std::span<const exclusion> among, std::string_view host, uint16_t port);

/// Whether it is this machine, or the guest's own: "localhost", a name below
/// it, or a loopback address. Never by a proxy, whatever the settings say.
bool is_loopback(std::string_view host);

} // namespace pier::net
