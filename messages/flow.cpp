#include "messages/flow.hpp"

namespace pier {

std::string to_string(const flow& what) {
  auto outbound = what.way == direction::outbound;
  // A guest whose address is of no interest, or a Unix socket.
  std::string nameless = outbound ? "guest" : "unix";
  auto name = [&](const endpoint& at) {
    return what.proto == protocol::icmp ? to_string(at.ip)
      : at == endpoint{}                ? nameless
                                        : to_string(at);
  };
  const auto& from = outbound ? what.guest : what.peer;
  const auto& to = outbound ? what.peer : what.guest;
  return std::string{to_string(what.proto)} + " " + name(from) + " → "
    + name(to);
}

} // namespace pier
