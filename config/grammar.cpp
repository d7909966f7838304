#include "config/grammar.hpp"

#include "config/publish_grammar.hpp"
#include "config/quote.hpp"
#include "config/spelling.hpp"
#include "config/string_grammar.hpp"

#include <array>
#include <cctype>
#include <charconv>

namespace pier::config {

namespace {

using std::chrono::milliseconds;

constexpr std::array<std::pair<const char*, int64_t>, 4> units{
  {{"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}}};

std::string duration_text(milliseconds value) {
  for (const auto& [name, factor] : units)
    if (value.count() % factor == 0 && (value.count() > 0 || factor == 1000))
      return std::to_string(value.count() / factor) + name;
  return std::to_string(value.count()) + "ms";
}

std::optional<milliseconds> parse_duration(std::string_view text) {
  constexpr size_t longest = 9;
  auto cut = std::min(text.find_first_not_of("0123456789"), text.size());
  int64_t number = 0;
  std::from_chars(text.data(), text.data() + cut, number);
  if (cut == 0 || cut > longest)
    return std::nullopt;
  for (const auto& [name, factor] : units)
    if (text.substr(cut) == name)
      return milliseconds{number * factor};
  return std::nullopt;
}

bool is_domain(std::string_view text) {
  constexpr size_t longest_name = 253;
  constexpr size_t longest_label = 63;
  if (text.empty() || text.size() > longest_name)
    return false;
  size_t label = 0;
  for (size_t i = 0; i <= text.size(); ++i) {
    auto now = i < text.size() ? text[i] : '.';
    auto edge = label == 0 || i + 1 >= text.size() || text[i + 1] == '.';
    if (now == '.') {
      if (label == 0 || label > longest_label)
        return false;
      label = 0;
    } else if (
      std::isalnum(static_cast<unsigned char>(now)) != 0 || now == '_'
      || (now == '-' && !edge))
      ++label;
    else
      return false;
  }
  return true;
}

struct range {
  ip_subnet net;
  const char* what;
};

/// Networks whose addresses mean something of their own (RFC 6890).
const std::vector<range>& taken() {
  auto net = [](const char* text) { return *ip_subnet::parse(text); };
  static const std::vector<range> all{
    {net("0.0.0.0/8"), "\"this host\""},
    {net("127.0.0.0/8"), "loopback"},
    {net("169.254.0.0/16"), "link-local"},
    {net("224.0.0.0/4"), "multicast"},
    {net("240.0.0.0/4"), "reserved"},
    {net("::/8"), "loopback and IPv4 in disguise"},
    {net("64:ff9b::/32"), "IPv4 in disguise"},
    {net("fe80::/10"), "link-local"},
    {net("ff00::/8"), "multicast"},
  };
  return all;
}

std::string written(const ip_subnet& net) {
  return quoted(to_string(net));
}

} // namespace

std::string shown(std::string_view text) {
  constexpr size_t most = 60;
  if (text.size() <= most)
    return quoted(text);
  // Not in the middle of a character.
  auto end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U)
    --end;
  return quoted(std::string{text.substr(0, end)} + "…");
}

void expect(const std::string& words, const node& found, complaints& wrong) {
  wrong.push_back(
    {found.where,
     "expected " + words + ", not " + std::string{kind_of(found)}});
}

grammar<int64_t> integer(int64_t least, int64_t most) {
  auto range = std::to_string(least) + " to " + std::to_string(most);
  auto words = "an integer from " + range;
  auto read =
    [=](const node& from, complaints& wrong) -> std::optional<int64_t> {
    const auto* number = from.as<int64_t>();
    if (number != nullptr && *number >= least && *number <= most)
      return *number;
    if (number == nullptr)
      expect(words, from, wrong);
    else
      wrong.push_back(
        {from.where, std::to_string(*number) + " is out of range: " + range});
    return std::nullopt;
  };
  auto write = [](int64_t value) { return std::to_string(value); };
  return {words, read, write};
}

grammar<milliseconds> duration(milliseconds least, milliseconds most) {
  auto range = duration_text(least) + " to " + duration_text(most);
  return of_strings<milliseconds>(
    "a duration from " + range + R"(, such as "90s" or "500ms")",
    [=](const std::string& text, std::string& why) {
      auto value = parse_duration(text);
      if (value && (*value < least || *value > most)) {
        why = " is out of range: " + range;
        value.reset();
      }
      return value;
    },
    [](milliseconds value) { return quoted(duration_text(value)); });
}

grammar<ip_subnet>
guest_subnet(family kind, unsigned least_bits, unsigned most_bits) {
  auto bits = std::to_string(least_bits) + " to " + std::to_string(most_bits);
  auto of = std::string{kind == family::v4 ? "IPv4" : "IPv6"};
  return of_strings<ip_subnet>(
    "an " + of + " network, NET/BITS with " + bits
      + " bits and nothing behind them",
    [=](const std::string& text, std::string& why) -> std::optional<ip_subnet> {
      auto value = ip_subnet::parse(text);
      if (!value || value->net.kind() != kind)
        return std::nullopt;
      if (value->bits < least_bits || value->bits > most_bits) {
        why = " is out of range: " + bits + " bits";
        return std::nullopt;
      }
      for (const auto& [net, what] : taken())
        if (net.overlaps(*value)) {
          why = " overlaps " + to_string(net) + ", which is " + what;
          return std::nullopt;
        }
      return value;
    },
    written);
}

grammar<ip_subnet> any_subnet() {
  return of_strings<ip_subnet>(
    "an IP address, or NET/BITS with nothing behind the bits",
    [](const std::string& text, std::string&) {
      return ip_subnet::parse(text);
    },
    written);
}

grammar<ip_address> address() {
  return of_strings<ip_address>(
    "an IP address",
    [](const std::string& text, std::string&) {
      return ip_address::parse(text);
    },
    [](const ip_address& value) { return quoted(to_string(value)); });
}

grammar<std::string> domain() {
  return of_strings<std::string>(
    "a name of letters, digits, dashes and dots, none of them at its ends",
    [](std::string text, std::string&) -> std::optional<std::string> {
      if (!is_domain(text))
        return std::nullopt;
      std::transform(
        text.begin(), text.end(), text.begin(),
        [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      return text;
    },
    [](const std::string& value) { return quoted(value); });
}

grammar<std::optional<port_range>> range_or_system() {
  using value = std::optional<port_range>;
  return of_strings<value>(
    R"(ports, FIRST-LAST, or "system")",
    [](const std::string& text, std::string&) -> std::optional<value> {
      if (text == "system")
        return value{};
      auto dash = text.find('-');
      auto spec = parse_expose(text);
      auto plain = text.find('/') == std::string::npos
        && dash != std::string::npos;
      if (!spec || !plain)
        return std::nullopt;
      return std::optional<value>{std::in_place, spec->container};
    },
    [](const value& of) {
      return of
        ? quoted(std::to_string(of->first) + "-" + std::to_string(of->last))
        : quoted("system");
    });
}

grammar<size_t> word_of(std::vector<std::string> words) {
  std::string all;
  for (size_t i = 0; i < words.size(); ++i)
    all += (i == 0                    ? ""
              : i + 1 == words.size() ? " or "
                                      : ", ")
      + quoted(words[i]);
  return of_strings<size_t>(
    all,
    [words,
     all](const std::string& text, std::string& why) -> std::optional<size_t> {
      auto found = std::find(words.begin(), words.end(), text);
      if (found != words.end())
        return static_cast<size_t>(found - words.begin());
      why += did_you_mean(text, words);
      return std::nullopt;
    },
    [words](size_t index) { return quoted(words.at(index)); });
}

} // namespace pier::config
