#include "test/config/arbitrary_settings.hpp"

#include <rapidcheck.h>

namespace pier::trials {

namespace {

using std::chrono::milliseconds;

template <class T>
T between(T least, T most) {
  return *rc::gen::inRange<T>(least, most + 1);
}

milliseconds time_between(int64_t least, int64_t most) {
  auto unit = *rc::gen::element<int64_t>(1, 1000, 60000);
  auto value = between(least, most) / unit * unit;
  return milliseconds{value < least ? least : value};
}

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

template <class T>
std::vector<T> some(int least, int most, const std::function<T()>& one) {
  std::vector<T> out;
  for (auto count = between(least, most); count > 0; --count)
    if (auto next = one(); std::find(out.begin(), out.end(), next) == out.end())
      out.push_back(std::move(next));
  return out;
}

} // namespace

const std::map<std::string, std::function<void(settings&)>>& choices() {
  static const std::map<std::string, std::function<void(settings&)>> all{
    {"network.mode",
     [](settings& x) {
       x.network.mode = *rc::gen::element(
         network_families::dual_stack, network_families::ipv4,
         network_families::ipv6);
     }},
    {"network.subnet", [](settings& x) { x.network.subnet = guests4(); }},
    {"network.subnet6", [](settings& x) { x.network.subnet6 = guests6(); }},
    {"network.mtu",
     [](settings& x) { x.network.mtu = between(1280U, 65535U); }},
    {"network.suffixes",
     [](settings& x) { x.network.suffixes = some<std::string>(1, 5, domain); }},
    {"network.hosts.*",
     [](settings& x) {
       auto address = [] {
         return between(0, 1) == 0 ? guests4().net : guests6().net;
       };
       for (auto count = between(1, 5); count > 0; --count)
         x.network.hosts[domain() + ".test"] = some<ip_address>(1, 4, address);
     }},
    {"ports.ready",
     [](settings& x) {
       x.ports.ready = *rc::gen::element(
         port_ready::strict, port_ready::listening);
     }},
    {"ports.bind",
     [](settings& x) {
       x.ports.bind = *rc::gen::element(
         port_bind::all, port_bind::local, port_bind::local_only);
     }},
    {"ports.allowed_binds",
     [](settings& x) {
       x.ports.allowed_binds = some<ip_subnet>(0, 5, [] {
         auto net = between(0, 1) == 0 ? guests4() : guests6();
         return between(0, 1) == 0
           ? net
           : ip_subnet{net.net, net.net.is_v4() ? 32U : 128U};
       });
     }},
    {"ports.random_range",
     [](settings& x) {
       auto first = between<uint16_t>(1, 65534);
       x.ports.random_range.reset();
       if (between(0, 1) == 0)
         x.ports.random_range = {first, between<uint16_t>(first, 65534)};
     }},
    {"ports.backlog",
     [](settings& x) { x.ports.backlog = between(1U, 65535U); }},
    {"timeouts.udp_idle",
     [](settings& x) { x.timeouts.udp_idle = time_between(1000, 86400000); }},
    {"timeouts.dns",
     [](settings& x) { x.timeouts.dns = time_between(100, 60000); }},
    {"timeouts.stop",
     [](settings& x) { x.timeouts.stop = time_between(0, 3600000); }},
    {"limits.pending",
     [](settings& x) { x.limits.pending = between<size_t>(1, 16384); }},
    {"limits.flows",
     [](settings& x) { x.limits.flows = between<size_t>(65536, 1000000); }},
  };
  return all;
}

settings arbitrary_settings() {
  settings out;
  for (const auto& [row, choose] : choices())
    if (*rc::gen::arbitrary<bool>())
      choose(out);
  return out;
}

} // namespace pier::trials
