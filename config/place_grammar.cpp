#include "config/place_grammar.hpp"

#include "config/quote.hpp"
#include "config/string_grammar.hpp"

#include <algorithm>

namespace pier::config {

namespace {

constexpr size_t longest_path = 4095;

std::optional<std::string>
read_file(const std::string& text, const std::string&) {
  auto is_odd = [](unsigned char c) { return c < 0x20 || c == 0x7F; };
  auto good = text.empty() || text.starts_with("/") || text.starts_with("~/");
  return good && text.size() <= longest_path
      && std::none_of(text.begin(), text.end(), is_odd)
    ? std::optional{text}
    : std::nullopt;
}

} // namespace

grammar<std::optional<endpoint>> place_or_off() {
  using value = std::optional<endpoint>;
  return of_strings<value>(
    R"(ADDRESS:PORT, or "off")",
    [](const std::string& text, std::string&) -> std::optional<value> {
      if (text == "off")
        return value{};
      auto at = read_endpoint(text);
      if (!at || at->port == 0)
        return std::nullopt;
      return std::optional<value>{std::in_place, *at};
    },
    [](const value& of) { return quoted(of ? to_string(*of) : "off"); });
}

grammar<std::string> file_or_none() {
  return of_strings<std::string>(
    R"(the path of a file, absolute or from "~/", or "" for none)", read_file,
    quoted);
}

} // namespace pier::config
