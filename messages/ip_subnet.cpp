#include "messages/ip_subnet.hpp"

#include <algorithm>
#include <charconv>

namespace pier {

namespace {

bool is_base(const ip_address& ip, unsigned bits) {
  const auto& bytes = ip.bytes();
  auto size = ip.is_v4() ? 32U : 128U;
  for (auto at = bits; at < size; ++at)
    if ((bytes.at(at / 8) >> (7 - at % 8) & 1) != 0)
      return false;
  return true;
}

} // namespace

std::optional<ip_subnet> ip_subnet::parse(std::string_view text) {
  auto cut = std::min(text.find('/'), text.size());
  auto ip = ip_address::parse(text.substr(0, cut));
  if (!ip)
    return std::nullopt;
  auto size = ip->is_v4() ? 32U : 128U;
  auto bits = size;
  if (cut < text.size()) {
    auto digits = text.substr(cut + 1);
    const auto* last = digits.data() + digits.size();
    auto [end, why] = std::from_chars(digits.data(), last, bits);
    auto canonical = digits.size() == 1 || !digits.starts_with('0');
    if (why != std::errc{} || end != last || bits > size || !canonical)
      return std::nullopt;
  }
  if (!is_base(*ip, bits))
    return std::nullopt;
  return ip_subnet{*ip, bits};
}

bool ip_subnet::overlaps(const ip_subnet& other) const noexcept {
  return net.kind() == other.net.kind()
    && (bits <= other.bits ? contains(other.net) : other.contains(net));
}

std::string to_string(const ip_subnet& of) {
  auto text = to_string(of.net);
  return of.is_single() ? text : text + "/" + std::to_string(of.bits);
}

} // namespace pier
