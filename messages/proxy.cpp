#include "messages/proxy.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace pier {

namespace {

constexpr size_t longest_name = 253;

std::optional<uint16_t> read_port(std::string_view text) {
  uint16_t port = 0;
  const auto* last = text.data() + text.size();
  auto [end, why] = std::from_chars(text.data(), last, port);
  auto good = why == std::errc{} && end == last && port != 0;
  return good ? std::optional{port} : std::nullopt;
}

/// In lower case; nothing: it is no name.
std::optional<std::string> read_name(std::string_view text) {
  if (text.ends_with('.'))
    text.remove_suffix(1);
  std::string out;
  for (auto each : text) {
    auto c = static_cast<unsigned char>(each);
    if (std::isalnum(c) == 0 && c != '-' && c != '_' && c != '.')
      return std::nullopt;
    out += static_cast<char>(std::tolower(c));
  }
  // What looks like an address is none that has gone wrong.
  auto good = !out.empty() && out.size() <= longest_name && out.front() != '.'
    && out.find("..") == out.npos && out.back() != '.'
    && out.find_first_not_of("0123456789.") != out.npos;
  return good ? std::optional{out} : std::nullopt;
}

/// Takes the brackets off, and the port, where there are any.
bool split_port(std::string_view& text, uint16_t& port) {
  auto colon = text.rfind(':');
  auto bracket = text.rfind(']');
  auto many = std::count(text.begin(), text.end(), ':') > 1;
  if (colon != text.npos && (bracket == text.npos ? !many : bracket < colon)) {
    auto number = read_port(text.substr(colon + 1));
    if (!number)
      return false;
    port = *number;
    text = text.substr(0, colon);
  }
  if (text.starts_with("[") && text.ends_with("]"))
    text = text.substr(1, text.size() - 2);
  return true;
}

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back()))
    text.remove_suffix(1);
  return text;
}

} // namespace

std::optional<exclusion> parse_exclusion(std::string_view text) {
  exclusion out;
  if (text == "*")
    return out;
  if (!split_port(text, out.port))
    return std::nullopt;
  out.net = ip_subnet::parse(text);
  if (out.net)
    return out;
  out.below = text.starts_with(".") || text.starts_with("*.");
  if (out.below)
    text.remove_prefix(text.front() == '*' ? 2 : 1);
  auto name = read_name(text);
  if (!name)
    return std::nullopt;
  out.name = std::move(*name);
  return out;
}

std::string to_string(const exclusion& of) {
  auto tail = of.port == 0 ? std::string{} : ":" + std::to_string(of.port);
  if (of.net) {
    auto text = to_string(*of.net);
    auto bare = tail.empty() || of.net->net.is_v4();
    return (bare ? text : "[" + text + "]") + tail;
  }
  return (of.name.empty() ? "*" : (of.below ? "." : "") + of.name) + tail;
}

bool transparent_ports::has(uint16_t port) const {
  return all || std::binary_search(some.begin(), some.end(), port);
}

std::optional<transparent_ports>
parse_transparent_ports(std::string_view text) {
  transparent_ports out{false, {}};
  text = trimmed(text);
  if (text == "*") {
    out.all = true;
    return out;
  }
  while (!text.empty()) {
    auto comma = text.find(',');
    auto port = read_port(trimmed(text.substr(0, comma)));
    if (!port)
      return std::nullopt;
    out.some.push_back(*port);
    if (comma == text.npos)
      break;
    text = text.substr(comma + 1);
    if (text.empty())
      return std::nullopt;
  }
  std::sort(out.some.begin(), out.some.end());
  out.some.erase(std::unique(out.some.begin(), out.some.end()), out.some.end());
  return out;
}

std::string to_string(const transparent_ports& of) {
  if (of.all)
    return "*";
  std::string out;
  for (auto each : of.some)
    out += (out.empty() ? "" : ",") + std::to_string(each);
  return out;
}

} // namespace pier
