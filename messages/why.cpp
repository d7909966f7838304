#include "messages/why.hpp"

namespace pier {

std::string to_string(const host_port& of) {
  auto at = of.ip ? to_string(endpoint{*of.ip, of.port})
                  : std::to_string(of.port);
  return at + "/" + std::string{to_string(of.proto)};
}

std::string to_string(const destination& of) {
  return of.name.empty() ? to_string(of.at)
                         : of.name + ":" + std::to_string(of.at.port);
}

} // namespace pier
