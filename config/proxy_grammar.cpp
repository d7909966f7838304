#include "config/proxy_grammar.hpp"

#include "config/quote.hpp"
#include "config/string_grammar.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace pier::config {

namespace {

constexpr size_t longest_path = 4095; // PATH_MAX, with its NUL

std::string encoded(std::string_view text) {
  constexpr std::string_view digits{"0123456789ABCDEF"};
  constexpr std::string_view plain{"-._~"};
  std::string out;
  for (auto letter : text) {
    auto byte = static_cast<unsigned char>(letter);
    if (std::isalnum(byte) != 0 || plain.find(letter) != plain.npos) {
      out += letter;
      continue;
    }
    out += '%';
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
  }
  return out;
}

/// With everything that belongs to it: what a person sees of it goes through
/// config/conceal.
std::string revealed(const upstream_proxy& of) {
  std::string out{to_string(of.scheme)};
  out += "://";
  if (of.has_login()) {
    out += encoded(of.user.reveal());
    if (!of.password.empty())
      out += ":" + encoded(of.password.reveal());
    out += "@";
  }
  return out + authority(of.host, of.port);
}

/// Unlike grammars of other strings it never shows what was written.
std::optional<std::optional<upstream_proxy>>
read_url(const node& from, const std::string& words, complaints& wrong) {
  const auto* text = from.as<std::string>();
  if (text == nullptr) {
    expect(words, from, wrong);
    return std::nullopt;
  }
  if (text->empty())
    return std::optional<upstream_proxy>{};
  auto read = parse_upstream_proxy(*text);
  if (!read) {
    wrong.push_back({from.where, read.error().text});
    return std::nullopt;
  }
  return std::optional<upstream_proxy>{std::move(*read)};
}

} // namespace

grammar<std::optional<upstream_proxy>> proxy_url() {
  using value = std::optional<upstream_proxy>;
  std::string words = "http://, https://, socks5:// or socks5h:// and "
                      "[USER:PASSWORD@]HOST[:PORT], or \"\"";
  auto read =
    [words](const node& from, complaints& wrong) -> std::optional<value> {
    return read_url(from, words, wrong);
  };
  return {words, read, [](const value& of) {
            return quoted(of ? revealed(*of) : std::string{});
          }};
}

grammar<exclusion> proxy_exclusion() {
  return of_strings<exclusion>(
    "a name (with all below it), \"*.\" and a name, an address, NET/BITS, or "
    "\"*\"",
    [](const std::string& text, std::string&) { return parse_exclusion(text); },
    [](const exclusion& of) { return quoted(to_string(of)); });
}

grammar<transparent_ports> ports_to_lead() {
  return of_strings<transparent_ports>(
    "ports with commas between, \"*\" for all, or \"\" for none",
    [](const std::string& text, std::string&) {
      return parse_transparent_ports(text);
    },
    [](const transparent_ports& of) { return quoted(to_string(of)); });
}

grammar<std::string> path_or_none() {
  return of_strings<std::string>(
    "the path of a file, absolute or from \"~/\", or \"\"",
    [](const std::string& text, std::string&) {
      auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7F; };
      auto good = text.empty() || text.starts_with("/")
        || text.starts_with("~/");
      return good && text.size() <= longest_path
          && std::none_of(text.begin(), text.end(), is_control)
        ? std::optional{text}
        : std::nullopt;
    },
    quoted);
}

grammar<std::string> script_place() {
  constexpr size_t longest_place = 2048;
  return of_strings<std::string>(
    "an http:// or https:// URL, the absolute path of a file, or \"\"",
    [](const std::string& text, std::string&) {
      auto is_visible = [](unsigned char c) { return c > 0x20 && c != 0x7F; };
      auto good = text.empty() || text.starts_with("/")
        || text.starts_with("http://") || text.starts_with("https://")
        || text.starts_with("file:///");
      return good && text.size() <= longest_place
          && std::all_of(text.begin(), text.end(), is_visible)
        ? std::optional{text}
        : std::nullopt;
    },
    quoted);
}

grammar<std::string> script_text() {
  constexpr size_t longest_text = 1024UL * 1024;
  return of_strings<std::string>(
    "the text of a script, of at most 1 MiB, or \"\"",
    [](const std::string& text, std::string&) {
      return text.size() <= longest_text ? std::optional{text} : std::nullopt;
    },
    quoted);
}

} // namespace pier::config
