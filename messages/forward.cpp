#include "messages/forward.hpp"

namespace pier {

std::string to_string(const listen_address& at) {
  if (at.is_unix())
    return "unix://" + at.path;
  auto scheme = std::string{to_string(at.proto)} + "://";
  return at.ip ? scheme + to_string(endpoint{*at.ip, at.port})
               : scheme + ":" + std::to_string(at.port);
}

std::string to_string(const forward_target& to) {
  if (!to.path.empty())
    return "unix://" + to.path;
  return to.container.empty() ? to_string(to.at)
                              : to.container + ":" + std::to_string(to.at.port);
}

} // namespace pier
