#include "config/conceal.hpp"

#include "messages/secret.hpp"

namespace pier::config {

std::string conceal(std::string_view text) {
  constexpr std::string_view mark{"://"};
  // A blank or a quote ends a URL; a slash may be a part of a password that
  // somebody has not encoded, so that an "@" behind it counts.
  constexpr std::string_view ends{"\"' \t\r\n,"};
  std::string out;
  for (;;) {
    auto found = text.find(mark);
    if (found == text.npos)
      return out + std::string{text};
    auto begin = found + mark.size();
    out += text.substr(0, begin);
    text.remove_prefix(begin);
    auto at = text.substr(0, text.find_first_of(ends)).rfind('@');
    if (at == text.npos)
      continue;
    out += redacted;
    text.remove_prefix(at);
  }
}

} // namespace pier::config
