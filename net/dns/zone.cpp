#include "net/dns/zone.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace pier::net {

namespace {

constexpr uint16_t type_a = 1, type_ptr = 12, type_aaaa = 28, type_any = 255;
constexpr uint16_t class_in = 1;

/// Containers are below it, whatever the suffixes are.
constexpr std::string_view containers_domain = ".container.internal";

/// Names of Docker's earlier years that people still have in their files.
constexpr std::array<std::string_view, 4> old_host_names{
  "docker.for.mac.host.internal", "docker.for.mac.localhost",
  "docker.for.win.host.internal", "docker.for.win.localhost"};
constexpr std::array<std::string_view, 2> old_gateway_names{
  "docker.for.mac.gateway.internal", "docker.for.win.gateway.internal"};

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size()
    && text.substr(text.size() - end.size()) == end;
}

template <class List>
bool has(const List& list, std::string_view what) {
  return std::find(list.begin(), list.end(), what) != list.end();
}

dns_answer addresses_of(const std::vector<ip_address>& all, uint16_t type) {
  dns_answer out;
  for (const auto& each : all)
    if (type == type_any || type == (each.is_v4() ? type_a : type_aaaa))
      out.addresses.push_back(each);
  out.what = out.addresses.empty() ? dns_answer::kind::no_data
                                   : dns_answer::kind::records;
  return out;
}

dns_answer addresses_of(const address_pair& both, uint16_t type) {
  std::vector<ip_address> all;
  for (const auto& each : {both.first, both.second})
    if (!each.is_any())
      all.push_back(each);
  return addresses_of(all, type);
}

/// 3.65.168.192.in-addr.arpa, or the nibbles of RFC 3596, 2.5.
std::string reverse_name(const ip_address& ip) {
  std::string out;
  if (ip.is_v4()) {
    for (size_t i = 4; i > 0; --i)
      out += std::to_string(ip.bytes()[i - 1]) + ".";
    return out + "in-addr.arpa";
  }
  constexpr std::string_view digits{"0123456789abcdef"};
  for (size_t i = 16; i > 0; --i) {
    auto byte = ip.bytes()[i - 1];
    for (unsigned nibble : {byte & 0xfU, static_cast<unsigned>(byte >> 4)}) {
      out += digits[nibble];
      out += '.';
    }
  }
  return out + "ip6.arpa";
}

std::optional<dns_answer>
answer_reverse(const zone& of, const dns_question& what) {
  auto suffix = of.suffixes.empty() ? std::string{} : "." + of.suffixes[0];
  auto is = [&](const address_pair& both) {
    auto of_one = [&](const ip_address& ip) {
      return !ip.is_any() && what.name == reverse_name(ip);
    };
    return of_one(both.first) || of_one(both.second);
  };
  auto name = [&](const std::string& pointer) {
    dns_answer out;
    out.what = what.type == type_ptr || what.type == type_any
      ? dns_answer::kind::records
      : dns_answer::kind::no_data;
    out.pointer = pointer + suffix;
    return out;
  };
  if (is(of.host))
    return name("host");
  if (is(of.gateway))
    return name("gateway");
  if (is(of.proxy))
    return name("http");
  for (const auto& [who, both] : of.containers)
    if (is(both))
      return name(who);
  return std::nullopt;
}

/// A name that people chose.
std::optional<dns_answer>
find(const zone& of, const std::string& name, uint16_t type) {
  if (auto found = of.hosts.find(name); found != of.hosts.end())
    return addresses_of(found->second, type);
  if (auto found = of.containers.find(name); found != of.containers.end())
    return addresses_of(found->second, type);
  return std::nullopt;
}

} // namespace

bool names_in_order::operator()(
  const std::string& a, const std::string& b) const noexcept {
  return std::lexicographical_compare(
    a.begin(), a.end(), b.begin(), b.end(),
    [](unsigned char x, unsigned char y) {
      return std::tolower(x) < std::tolower(y);
    });
}

std::optional<dns_answer> answer(const zone& of, const dns_question& what) {
  if (what.klass != class_in)
    return std::nullopt;
  // Two of them end in .localhost, and mean the host all the same.
  if (has(old_host_names, what.name))
    return addresses_of(of.host, what.type);
  if (has(old_gateway_names, what.name))
    return addresses_of(of.gateway, what.type);
  // RFC 6761, 6.3: whatever the resolver says, localhost is here.
  if (what.name == "localhost" || ends_with(what.name, ".localhost"))
    return addresses_of(
      address_pair{
        ip_address::loopback(family::v4), ip_address::loopback(family::v6)},
      what.type);
  if (ends_with(what.name, ".arpa"))
    return answer_reverse(of, what);
  if (auto found = find(of, what.name, what.type))
    return found;
  for (const auto& suffix : of.suffixes) {
    if (what.name == suffix) {
      dns_answer out;
      out.what = dns_answer::kind::no_data;
      return out;
    }
    if (!ends_with(what.name, "." + suffix))
      continue;
    auto name = what.name.substr(0, what.name.size() - suffix.size() - 1);
    if (name == "host")
      return addresses_of(of.host, what.type);
    if (name == "gateway")
      return addresses_of(of.gateway, what.type);
    if (name == "http")
      return addresses_of(of.proxy, what.type);
    return find(of, name, what.type).value_or(dns_answer{});
  }
  if (ends_with(what.name, containers_domain)) {
    auto name = what.name.substr(
      0, what.name.size() - containers_domain.size());
    auto found = of.containers.find(name);
    return found == of.containers.end()
      ? dns_answer{}
      : addresses_of(found->second, what.type);
  }
  return std::nullopt;
}

} // namespace pier::net
