#include "config/quote.hpp"

#include <algorithm>
#include <cctype>

namespace pier::config {

std::string quoted(std::string_view text) {
  constexpr std::string_view digits{"0123456789abcdef"};
  std::string out = "\"";
  for (auto each : text) {
    auto code = static_cast<unsigned char>(each);
    if (each == '"' || each == '\\')
      out += {'\\', each};
    else if (code < 0x20 || code == 0x7f)
      out += {'\\', 'u', '0', '0', digits[code >> 4], digits[code & 0xf]};
    else
      out += each;
  }
  return out + '"';
}

std::string key_text(std::string_view name) {
  auto bare = [](unsigned char each) {
    return std::isalnum(each) != 0 || each == '_' || each == '-';
  };
  if (!name.empty() && std::all_of(name.begin(), name.end(), bare))
    return std::string{name};
  return quoted(name);
}

} // namespace pier::config
