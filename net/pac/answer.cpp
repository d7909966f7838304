#include "net/pac/answer.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>

namespace pier::net {

namespace {

constexpr size_t longest_answer = 2048;
constexpr size_t most_choices = 16;
constexpr std::string_view blanks = " \t\r\n";

struct known_word {
  std::string_view word;
  std::string_view scheme;
};

constexpr known_word words[] = {
  {"proxy", "http"},   {"http", "http"},     {"https", "https"},
  {"socks", "socks5"}, {"socks5", "socks5"},
};

std::string lowered(std::string_view text) {
  std::string out{text};
  for (auto& each : out)
    each = static_cast<char>(std::tolower(static_cast<unsigned char>(each)));
  return out;
}

std::string_view trimmed(std::string_view text) {
  auto begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos)
    return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

bool blocks(const std::string& place) {
  auto name = place.substr(0, place.find(':'));
  return name == "reject.iechor.internal" || name == "reject.docker.internal";
}

std::optional<proxy_choice> read_choice(std::string_view text) {
  auto blank = text.find_first_of(blanks);
  auto word = lowered(text.substr(0, blank));
  auto place = lowered(
    blank == std::string_view::npos ? std::string_view{}
                                    : trimmed(text.substr(blank)));
  if (word == "direct" && place.empty())
    return proxy_choice{};
  const auto* known = std::find_if(
    std::begin(words), std::end(words),
    [&](const auto& each) { return each.word == word; });
  // A script tells nobody a login.
  if (
    known == std::end(words)
    || place.find_first_of("@/") != std::string_view::npos)
    return std::nullopt;
  if (blocks(place))
    return proxy_choice{
      proxy_choice::kind::blocked, {}, "the PAC script says " + place};
  auto proxy = parse_upstream_proxy(std::string{known->scheme} + "://" + place);
  if (!proxy)
    return std::nullopt;
  return proxy_choice{proxy_choice::kind::through, std::move(*proxy), {}};
}

/// For a person: what is not to be printed is not.
std::string shown(std::string_view text) {
  std::string out{text.substr(0, 80)};
  for (auto& each : out)
    if (each < ' ' || each > '~')
      each = '?';
  return out;
}

} // namespace

result<std::vector<proxy_choice>> parse_pac_answer(std::string_view text) {
  if (text.size() > longest_answer)
    return error{
      ec::bad_request,
      "the PAC script answers more than 2048 bytes: it is to answer a list "
      "like PROXY proxy.example:3128; DIRECT"};
  if (trimmed(text).empty())
    return std::vector{proxy_choice{}};
  std::vector<proxy_choice> out;
  for (auto rest = text; !rest.empty() && out.size() < most_choices;) {
    auto end = rest.find(';');
    if (auto one = trimmed(rest.substr(0, end)); !one.empty())
      if (auto choice = read_choice(one))
        out.push_back(std::move(*choice));
    rest = end == std::string_view::npos ? std::string_view{}
                                         : rest.substr(end + 1);
  }
  if (out.empty())
    return error{
      ec::bad_request,
      "the PAC script answers \"" + shown(text)
        + "\": it is to answer a list like PROXY proxy.example:3128; DIRECT"};
  return out;
}

} // namespace pier::net
