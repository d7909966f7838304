#pragma once

/// What the surroundings say of proxies. Pure, but for who reads them.

#include "messages/proxy.hpp"

#include <functional>
#include <memory>
#include <string>

namespace pier::net {

struct system_terms {
  proxy_terms terms;
  /// "environment", "desktop": whose word it is, for a person.
  std::string by = "environment";

  friend bool operator==(const system_terms&, const system_terms&) = default;
};

using system_terms_ptr = std::shared_ptr<const system_terms>;

/// As curl(1) and most others read the environment: http_proxy (and HTTP_PROXY,
/// unless REQUEST_METHOD says that this is CGI, where it is a client's header),
/// https_proxy, all_proxy for what has none of its own, and no_proxy, lower
/// case first. What cannot be read as a proxy is none; `wrong` then hears of
/// it, in words without credentials.
proxy_terms system_proxy(
  const std::function<std::string(const char*)>& environment,
  const std::function<void(std::string)>& wrong);

/// The same of this process's own; what is wrong is logged.
proxy_terms proxy_of_environment();

} // namespace pier::net
