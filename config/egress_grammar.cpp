#include "config/egress_grammar.hpp"

#include "config/container_rules.hpp"
#include "config/publish_grammar.hpp"
#include "config/quote.hpp"
#include "config/string_grammar.hpp"

namespace pier::config {

namespace {

constexpr auto rule_words
  = "TO [PROTOCOL] [PORTS]: an address, NET/BITS, a name, \"*.\" before a "
    "name, or \"any\"; tcp, udp or icmp; a port, or FIRST-LAST";

/// The name in lower case; nothing: it is none.
std::optional<std::string> read_pattern(const std::string& text) {
  auto cut = text.starts_with("*.") ? size_t{2} : size_t{0};
  complaints ignored;
  auto name = domain().read({{}, text.substr(cut)}, ignored);
  return name ? std::optional{text.substr(0, cut) + *name} : std::nullopt;
}

bool read_target(const std::string& text, policy_rule& into) {
  if (text == "any")
    return true;
  into.to = ip_subnet::parse(text);
  if (into.to)
    return true;
  // An address that has gone wrong is no name.
  if (text.find_first_not_of("0123456789./") == text.npos)
    return false;
  auto name = read_pattern(text);
  into.host = name.value_or("");
  return name.has_value();
}

std::optional<protocol> read_protocol(const std::string& text) {
  for (auto each : {protocol::tcp, protocol::udp, protocol::icmp})
    if (text == to_string(each))
      return each;
  return std::nullopt;
}

std::optional<port_range> read_ports(const std::string& text) {
  auto spec = parse_expose(text);
  if (!spec || text.find('/') != text.npos || spec->container.any())
    return std::nullopt;
  return spec->container;
}

std::string rule_text(const policy_rule& of) {
  auto out = of.to ? to_string(*of.to) : of.host.empty() ? "any" : of.host;
  if (of.proto)
    out += " " + std::string{to_string(*of.proto)};
  if (of.ports) {
    out += " " + std::to_string(of.ports->first);
    if (of.ports->last != of.ports->first)
      out += "-" + std::to_string(of.ports->last);
  }
  return out;
}

std::optional<policy_rule> read_rule(const std::string& text) {
  auto words = words_of(text);
  policy_rule out;
  if (words.empty() || words.size() > 3 || !read_target(words[0], out))
    return std::nullopt;
  size_t next = 1;
  if (next < words.size())
    if ((out.proto = read_protocol(words[next])))
      ++next;
  if (next < words.size())
    if ((out.ports = read_ports(words[next])))
      ++next;
  auto pings_a_port = out.ports && out.proto == protocol::icmp;
  if (next < words.size() || pings_a_port)
    return std::nullopt;
  return out;
}

} // namespace

grammar<policy_rule> egress_rule(std::string place, policy_rule::effect what) {
  return of_strings<policy_rule>(
    rule_words,
    [=](const std::string& text, std::string&) {
      auto out = read_rule(text);
      if (out) {
        out->what = what;
        out->name = place + " " + quoted(rule_text(*out));
      }
      return out;
    },
    [](const policy_rule& of) { return quoted(rule_text(of)); });
}

grammar<bool> yes_or_no() {
  std::string words = "true or false";
  auto read = [=](const node& from, complaints& wrong) -> std::optional<bool> {
    if (const auto* value = from.as<bool>())
      return *value;
    expect(words, from, wrong);
    return std::nullopt;
  };
  return {words, read, [](bool value) { return value ? "true" : "false"; }};
}

grammar<std::optional<size_t>> limit(int64_t most) {
  using value = std::optional<size_t>;
  auto number = integer(0, most);
  auto words = number.words + ", or \"unlimited\"";
  auto read = [=](const node& from, complaints& wrong) -> std::optional<value> {
    const auto* text = from.as<std::string>();
    if (text != nullptr && *text == "unlimited")
      return value{};
    if (from.as<int64_t>() == nullptr) {
      expect(words, from, wrong);
      return std::nullopt;
    }
    auto got = number.read(from, wrong);
    return got ? std::optional<value>{std::in_place, *got} : std::nullopt;
  };
  auto write = [](const value& of) {
    return of ? std::to_string(*of) : quoted("unlimited");
  };
  return {words, read, write};
}

grammar<std::string> container_name() {
  return of_strings<std::string>(
    "a container's name",
    [](const std::string& text, std::string&) {
      return is_container_name(text) ? std::optional{text} : std::nullopt;
    },
    [](const std::string& value) { return quoted(value); });
}

} // namespace pier::config
