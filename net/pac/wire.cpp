#include "net/pac/wire.hpp"

namespace pier::net {

namespace {

constexpr std::string_view letters = "IQAR=!N";

} // namespace

std::string to_wire(const pac_saying& what) {
  return static_cast<char>(what.what) + what.text.substr(0, max_pac_saying - 1);
}

std::optional<pac_saying> read_pac_saying(std::string_view packet) {
  if (
    packet.empty() || packet.size() > max_pac_saying
    || letters.find(packet.front()) == std::string_view::npos)
    return std::nullopt;
  return pac_saying{
    static_cast<pac_word>(packet.front()), std::string{packet.substr(1)}};
}

} // namespace pier::net
