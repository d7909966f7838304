#include "config/publish_grammar.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <string>

namespace pier::config {

namespace {

error refuse(
  const std::string& stem, std::string_view value, const char* mend = "") {
  return {ec::bad_request, stem + ": " + std::string{value} + mend};
}

std::optional<uint16_t> parse_number(std::string_view text) {
  unsigned number = 0;
  auto end = text.data() + text.size();
  auto [at, status] = std::from_chars(text.data(), end, number);
  if (status != std::errc{} || at != end || number < 1 || number > 65535)
    return std::nullopt;
  return static_cast<uint16_t>(number);
}

std::optional<port_range> parse_range(std::string_view text) {
  auto dash = text.find('-');
  auto first = parse_number(text.substr(0, dash));
  auto last = dash == text.npos ? first : parse_number(text.substr(dash + 1));
  if (!first || !last || *last < *first)
    return std::nullopt;
  return port_range{*first, *last};
}

result<protocol> parse_protocol(std::string_view text) {
  std::string name{text};
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  if (name == "tcp")
    return protocol::tcp;
  if (name == "udp")
    return protocol::udp;
  if (name == "sctp")
    return error{
      ec::not_supported,
      "proto sctp is not supported: publish the port as /tcp or /udp"};
  return refuse("invalid proto", text, ": tcp and udp can be published");
}

/// What stands before the slash, and the protocol behind it.
struct halves {
  std::string_view ports;
  protocol proto = protocol::tcp;
};

result<halves> split_protocol(std::string_view text) {
  halves out;
  auto slash = text.find('/');
  out.ports = text.substr(0, slash);
  if (slash == text.npos)
    return out;
  auto proto = parse_protocol(text.substr(slash + 1));
  if (!proto)
    return proto.error();
  out.proto = *proto;
  return out;
}

result<void> parse_host_ip(port_spec& out, std::string_view text) {
  auto inner = text;
  if (inner.size() >= 2 && inner.front() == '[' && inner.back() == ']')
    inner = inner.substr(1, inner.size() - 2);
  out.host_ip = ip_address::parse(inner);
  auto bracketed = inner.size() != text.size();
  if (!out.host_ip || (bracketed && out.host_ip->is_v4()))
    return refuse(
      "invalid IP address", text, ": a literal is needed, no host name");
  return {};
}

/// Puts the word where it belongs, once.
template <class T>
result<void>
choose(std::optional<T>& into, std::string_view option, std::array<T, 2> all) {
  auto word = option.substr(option.find('=') + 1);
  if (into)
    return refuse("publish option stands here twice", option);
  for (auto each : all)
    if (word == to_string(each))
      into = each;
  if (into)
    return {};
  auto name = option.substr(0, option.size() - word.size());
  return error{
    ec::bad_request,
    "invalid publish option: " + std::string{option} + ": write "
      + std::string{name} + std::string{to_string(all[0])} + "|"
      + std::string{to_string(all[1])}};
}

result<void> parse_option(port_spec& out, std::string_view option) {
  if (option.starts_with("source="))
    return choose<port_source>(
      out.source, option, {port_source::nat, port_source::preserve});
  if (option.starts_with("proxy_protocol="))
    return choose<proxy_protocol>(
      out.proxy, option, {proxy_protocol::none, proxy_protocol::v2});
  return refuse(
    "invalid publish option", option,
    ": there are source=nat|preserve and proxy_protocol=none|v2");
}

/// What stands behind the first comma.
result<void> parse_options(port_spec& out, std::string_view text) {
  for (auto comma = text.find(','); comma != text.npos;
       comma = text.find(',')) {
    text.remove_prefix(comma + 1);
    if (auto ok = parse_option(out, text.substr(0, text.find(','))); !ok)
      return ok;
  }
  return {};
}

} // namespace

result<port_spec> parse_publish(std::string_view whole) {
  auto text = whole.substr(0, whole.find(','));
  auto parts = split_protocol(text);
  if (!parts)
    return parts.error();
  port_spec out;
  out.proto = parts->proto;
  auto rest = parts->ports;
  // The last field is the container's; before it the host's; the rest, colons
  // of IPv6 and all, is an address.
  auto last = rest.rfind(':');
  auto container = last == rest.npos ? rest : rest.substr(last + 1);
  std::string_view host;
  if (last != rest.npos) {
    auto front = rest.substr(0, last);
    auto middle = front.rfind(':');
    host = middle == front.npos ? front : front.substr(middle + 1);
    if (middle != front.npos && middle > 0)
      if (auto ok = parse_host_ip(out, front.substr(0, middle)); !ok)
        return ok.error();
  }
  if (container.empty())
    return refuse("no port specified", text, "<empty>");
  auto inside = parse_range(container);
  if (!inside)
    return refuse("invalid containerPort", container);
  out.container = *inside;
  if (auto ok = parse_options(out, whole); !ok)
    return ok.error();
  if (host.empty() || host == "0")
    return out;
  auto outside = parse_range(host);
  if (!outside)
    return refuse("invalid hostPort", host);
  out.host = *outside;
  if (out.host.size() != out.container.size() && out.container.size() != 1)
    return error{
      ec::bad_request,
      "invalid ranges specified for container and host Ports: "
        + std::string{container} + " and " + std::string{host}};
  return out;
}

result<port_spec> parse_expose(std::string_view text) {
  auto parts = split_protocol(text);
  if (!parts)
    return parts.error();
  auto range = parse_range(parts->ports);
  if (!range)
    return refuse("invalid containerPort", parts->ports);
  port_spec out;
  out.proto = parts->proto;
  out.container = *range;
  return out;
}

} // namespace pier::config
