#include "net/socks/pac.hpp"

#include <algorithm>
#include <array>

namespace pier::net {

namespace {

/// Of names only these characters come out of it, whatever went in.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (auto c : text)
    if (
      (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'
      || c == '_' || c == ':' || c == '[' || c == ']')
      out += c;
    else if (c >= 'A' && c <= 'Z')
      out += static_cast<char>(c - 'A' + 'a');
  return out + "\"";
}

std::string list(const std::vector<std::string>& all) {
  std::string out = "[";
  for (const auto& each : all)
    out += (out.size() > 1 ? ", " : "") + quoted(each);
  return out + "]";
}

std::string mask_of(unsigned bits) {
  std::array<uint8_t, 4> out{};
  for (unsigned i = 0; i < bits && i < 32; ++i)
    out[i / 8] = static_cast<uint8_t>(out[i / 8] | (0x80U >> (i % 8)));
  return to_string(ip_address::v4(out));
}

/// The first bits of an IPv6 network, as ones and zeros.
std::string bits_of(const ip_address& ip, unsigned bits) {
  std::string out;
  for (unsigned i = 0; i < bits; ++i)
    out += (ip.bytes()[i / 8] & (0x80U >> (i % 8))) != 0 ? '1' : '0';
  return out;
}

constexpr auto functions = R"(
// Of an IPv6 address the bits, as text; of anything else nothing.
function bitsOf(host) {
  host = host.replace(/^\[|\]$/g, "");
  if (host.indexOf(":") < 0 || /[^0-9a-f:]/.test(host)) return "";
  var halves = host.split("::");
  var left = halves[0] ? halves[0].split(":") : [];
  var right = halves.length > 1 && halves[1] ? halves[1].split(":") : [];
  while (left.length + right.length < 8) left.push("0");
  var all = left.concat(right), bits = "";
  for (var i = 0; i < all.length; i++)
    bits += ("000000000000000" + parseInt(all[i], 16).toString(2)).slice(-16);
  return bits;
}

function isContainer(host) {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return isInNet(host, net, mask);
  if (host.indexOf(":") >= 0) return bitsOf(host).indexOf(net6) === 0;
  for (var i = 0; i < names.length; i++)
    if (host === names[i]) return true;
  for (var j = 0; j < domains.length; j++)
    if (dnsDomainIs(host, "." + domains[j])) return true;
  return false;
}

function FindProxyForURL(url, host) {
  host = host.toLowerCase().replace(/\.$/, "");
  return isContainer(host) ? "PROXY " + proxy : "DIRECT";
}
)";

} // namespace

std::string pac_file(const pac_facts& of) {
  std::string out = "// Containers of this machine are reached through Pier.\n";
  out += "var proxy = " + quoted(of.proxy) + ";\n";
  out += "var net = " + quoted(to_string(of.guests.subnet)) + ";\n";
  out += "var mask = " + quoted(mask_of(of.guests.bits)) + ";\n";
  out += "var net6 = " + quoted(bits_of(of.guests.subnet6, of.guests.bits6))
    + ";\n";
  out += "var domains = " + list(of.domains) + ";\n";
  out += "var names = " + list(of.names) + ";\n";
  return out + functions;
}

} // namespace pier::net
