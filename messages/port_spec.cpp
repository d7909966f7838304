#include "messages/port_spec.hpp"

namespace pier {

namespace {

std::string to_text(const port_range& range) {
  if (range.any())
    return {};
  auto text = std::to_string(range.first);
  return range.size() == 1 ? text : text + "-" + std::to_string(range.last);
}

} // namespace

std::string_view to_string(protocol proto) noexcept {
  switch (proto) {
    case protocol::tcp:
      return "tcp";
    case protocol::udp:
      return "udp";
    default:
      return "icmp";
  }
}

std::string_view to_string(port_source source) noexcept {
  return source == port_source::nat ? "nat" : "preserve";
}

std::string_view to_string(proxy_protocol version) noexcept {
  return version == proxy_protocol::none ? "none" : "v2";
}

std::string to_string(const port_spec& spec) {
  std::string text;
  if (spec.host_ip) {
    auto ip = to_string(*spec.host_ip);
    text = spec.host_ip->is_v4() ? ip + ":" : "[" + ip + "]:";
  }
  if (spec.host_ip || !spec.host.any())
    text += to_text(spec.host) + ":";
  text += to_text(spec.container);
  if (spec.proto != protocol::tcp)
    text += "/" + std::string{to_string(spec.proto)};
  if (spec.source)
    text += ",source=" + std::string{to_string(*spec.source)};
  if (spec.proxy)
    text += ",proxy_protocol=" + std::string{to_string(*spec.proxy)};
  return text;
}

} // namespace pier
