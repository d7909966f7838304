#include "test/config/arbitrary_values.hpp"

#include <array>

namespace pier::trials {

using std::chrono::milliseconds;

namespace {

/// The bits behind the length are taken away.
ip_subnet subnet_of(ip_address ip, unsigned bits) {
  auto bytes = ip.bytes();
  auto size = ip.is_v4() ? 32U : 128U;
  for (auto at = bits; at < size; ++at)
    bytes.at(at / 8) &= static_cast<uint8_t>(~(0x80U >> (at % 8)));
  if (ip.is_v4())
    return {ip_address::v4({bytes[0], bytes[1], bytes[2], bytes[3]}), bits};
  return {ip_address::v6(bytes), bits};
}

} // namespace

milliseconds time_between(int64_t least, int64_t most) {
  auto unit = *rc::gen::element<int64_t>(1, 1000, 60000);
  auto value = between(least, most) / unit * unit;
  return milliseconds{value < least ? least : value};
}

ip_subnet guests4() {
  auto byte = [] { return *rc::gen::arbitrary<uint8_t>(); };
  auto first = *rc::gen::element<uint8_t>(10, 172, 192, 100, 203);
  return subnet_of(
    ip_address::v4({first, byte(), byte(), byte()}), between(8U, 28U));
}

ip_subnet guests6() {
  std::array<uint8_t, 16> bytes{};
  for (auto& each : bytes)
    each = *rc::gen::arbitrary<uint8_t>();
  bytes[0] = *rc::gen::element<uint8_t>(0xfd, 0x20);
  return subnet_of(ip_address::v6(bytes), between(16U, 104U));
}

std::string label() {
  auto letter = rc::gen::elementOf(
    std::string{"abcdefghijklmnopqrstuvwxyz0123456789_"});
  auto text = *rc::gen::nonEmpty(rc::gen::container<std::string>(letter));
  return text.substr(0, 20);
}

std::string domain() {
  auto text = label();
  for (auto more = between(0, 3); more > 0; --more)
    text += "." + label();
  return text;
}

void put_forward(settings& into) {
  listen_address at;
  auto udp = between(0, 2) == 0;
  if (!udp && between(0, 2) == 0) {
    at.path = "/run/" + label();
  } else {
    at.proto = udp ? protocol::udp : protocol::tcp;
    at.port = between<uint16_t>(1, 65534);
    if (between(0, 2) != 0)
      at.ip = coin() ? guests4().net : guests6().net;
  }
  forward_spec what;
  what.proxy_protocol = !udp && coin();
  what.to.at.port = between<uint16_t>(1, 65534);
  auto kind = between(0, udp ? 1 : 2);
  if (kind == 0)
    what.to.at.ip = *ip_address::parse("203.0.113.9");
  else if (kind == 1)
    what.to.container = "c" + label();
  else
    what.to = {{}, {}, "/srv/" + label() + "\"\\ é"};
  into.forwards[at] = what;
}

std::vector<endpoint> servers() {
  return some<endpoint>(0, 4, [] {
    return endpoint{
      coin() ? guests4().net : guests6().net, between<uint16_t>(1, 65534)};
  });
}

dns_record record() {
  using kind = dns_record::kind;
  dns_record out;
  out.type = *rc::gen::element(
    kind::a, kind::aaaa, kind::cname, kind::srv, kind::txt);
  if (out.type == kind::a)
    out.address = guests4().net;
  else if (out.type == kind::aaaa)
    out.address = guests6().net;
  else if (out.type == kind::txt)
    out.text = *rc::gen::element<std::string>("", " a  b ", "\"\\\n", "é");
  else
    out.text = domain();
  if (out.type == kind::srv)
    out.port = between<uint16_t>(0, 65534);
  return out;
}

} // namespace pier::trials
