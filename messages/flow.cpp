#include "messages/flow.hpp"

namespace pier {

std::string to_string(const flow& what) {
  auto name = [&](const endpoint& at) {
    return what.proto == protocol::icmp ? to_string(at.ip)
      : at == endpoint{}                ? std::string{"unix"}
                                        : to_string(at);
  };
  auto outbound = what.way == direction::outbound;
  const auto& from = outbound ? what.guest : what.peer;
  const auto& to = outbound ? what.peer : what.guest;
  return std::string{to_string(what.proto)} + " " + name(from) + " → "
    + name(to);
}

} // namespace pier
