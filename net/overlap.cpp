#include "net/overlap.hpp"

#include <algorithm>
#include <optional>

namespace pier::net {

namespace {

constexpr uint32_t most_tries = 4096;

bool has(const network_settings& with, family kind) {
  return with.mode
    != (kind == family::v4 ? network_families::ipv6 : network_families::ipv4);
}

const ip_subnet& subnet_of(const network_settings& with, family kind) {
  return kind == family::v4 ? with.subnet : with.subnet6;
}

const host_route*
first(const std::vector<host_route>& all, const ip_subnet& net) {
  auto found = std::find_if(all.begin(), all.end(), [&](const auto& each) {
    return each.to.net.kind() == net.net.kind() && each.to.overlaps(net);
  });
  return found == all.end() ? nullptr : &*found;
}

/// Private networks of that size (RFC 1918), the likeliest to be free first.
std::optional<ip_subnet>
free4(const std::vector<host_route>& all, unsigned bits) {
  struct block {
    ip_address net;
    unsigned bits;
    uint32_t first; // in addresses
  };
  static const block blocks[] = {
    {ip_address::v4({192, 168, 0, 0}), 16, 65U << 8},
    {ip_address::v4({172, 16, 0, 0}), 12, 15U << 16},
    {ip_address::v4({10, 0, 0, 0}), 8, 200U << 16}};
  for (const auto& each : blocks) {
    if (bits < each.bits)
      continue;
    auto count = uint32_t{1} << (bits - each.bits);
    auto begin = each.first >> (32 - bits);
    for (uint32_t i = 0; i < std::min(count, most_tries); ++i) {
      ip_subnet one{each.net.plus(((begin + i) % count) << (32 - bits)), bits};
      if (first(all, one) == nullptr)
        return one;
    }
  }
  return std::nullopt;
}

/// Neighbours of our own unique local prefix (RFC 4193).
std::optional<ip_subnet>
free6(const std::vector<host_route>& all, unsigned bits) {
  constexpr uint64_t ours = 0xfd07b51acc66;
  constexpr unsigned prefix = 48;
  auto step = uint64_t{1} << (prefix - std::min(bits, prefix));
  for (uint64_t i = 1; i < most_tries; ++i) {
    auto number = (ours & ~(step - 1)) + i * step;
    std::array<uint8_t, 16> bytes{};
    for (size_t at = 0; at < prefix / 8; ++at)
      bytes[at] = static_cast<uint8_t>(number >> (prefix - 8 * (at + 1)));
    ip_subnet one{ip_address::v6(bytes), bits};
    if (bytes[0] != 0xfd)
      break;
    if (first(all, one) == nullptr)
      return one;
  }
  return std::nullopt;
}

std::optional<ip_subnet>
free_like(const std::vector<host_route>& all, const ip_subnet& net) {
  return net.net.is_v4() ? free4(all, net.bits) : free6(all, net.bits);
}

/// What one family has; nothing: it is refused because of this route.
std::optional<ip_subnet> fit_one(
  const std::vector<host_route>& all, const network_settings& wanted,
  const network_settings* now, family kind) {
  const auto& net = subnet_of(wanted, kind);
  auto stands = now != nullptr && has(*now, kind);
  if (!has(wanted, kind) || (stands && subnet_of(*now, kind) == net))
    return net;
  if (first(all, net) == nullptr)
    return net;
  if (net != subnet_of(network_settings{}, kind))
    return std::nullopt;
  if (now != nullptr && first(all, subnet_of(*now, kind)) == nullptr)
    return subnet_of(*now, kind);
  return free_like(all, net);
}

} // namespace

std::vector<host_route>
overlapping(const std::vector<host_route>& all, const network_settings& with) {
  std::vector<host_route> out;
  for (const auto& each : all) {
    auto kind = each.to.net.kind();
    if (has(with, kind) && each.to.overlaps(subnet_of(with, kind)))
      out.push_back(each);
  }
  return out;
}

error overlap_error(
  const std::vector<host_route>& all, const network_settings& with,
  const host_route& which) {
  auto kind = which.to.net.kind();
  const auto& net = subnet_of(with, kind);
  auto text = std::string{"network.subnet"} + (kind == family::v4 ? "" : "6")
    + ": " + to_string(net) + " overlaps the host's route " + to_string(which)
    + "; choose another";
  if (auto free = free_like(all, net))
    text += ", such as " + to_string(*free);
  return {ec::bad_request, std::move(text)};
}

result<network_settings> fit_among(
  const std::vector<host_route>& all, const network_settings& wanted,
  const network_settings* now) {
  auto out = wanted;
  for (auto kind : {family::v4, family::v6}) {
    auto fitted = fit_one(all, wanted, now, kind);
    if (!fitted)
      return overlap_error(all, wanted, *first(all, subnet_of(wanted, kind)));
    (kind == family::v4 ? out.subnet : out.subnet6) = *fitted;
  }
  return out;
}

} // namespace pier::net
