#pragma once

/// How the terms of proxies are written. Pure.

#include "config/grammar.hpp"
#include "messages/proxy.hpp"

#include <optional>
#include <string>

namespace pier::config {

/// The URL of a proxy; "": there is none.
grammar<std::optional<upstream_proxy>> proxy_url();

/// As messages/proxy has it.
grammar<exclusion> proxy_exclusion();

/// "80,443", "*" or "".
grammar<transparent_ports> ports_to_lead();

/// The path of a file, absolute or from "~/"; "": there is none.
grammar<std::string> path_or_none();

/// Where a proxy auto-config script is; "": there is none.
grammar<std::string> script_place();

/// The script itself; "": there is none.
grammar<std::string> script_text();

} // namespace pier::config
