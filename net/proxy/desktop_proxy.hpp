#pragma once

/// What a desktop's settings say of proxies: GNOME's, which others share. Pure.

#include "messages/proxy.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace pier::net {

/// From what `gsettings list-recursively org.gnome.system.proxy` prints, read
/// as GLib's own resolver does: "manual" is a proxy for http, one for https,
/// and a SOCKS one for what has none of them; "auto" is a script. Nothing: it
/// names none. What cannot be read as a proxy is none; `wrong` then hears of
/// it, in words without credentials.
std::optional<proxy_terms> desktop_proxy(
  std::string_view listed, const std::function<void(std::string)>& wrong);

} // namespace pier::net
