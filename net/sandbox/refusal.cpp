#include "net/sandbox/refusal.hpp"

#include <fmt/format.h>

#include <cstring>

namespace pier::net::box {

std::string errno_text(int number) {
  const char* known = strerrordesc_np(number);
  if (known == nullptr)
    return fmt::format("error {}", number);
  std::string text = known;
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z')
    text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

error refusal(int number, std::string_view doing) {
  return {from_errno(number), fmt::format("{}: {}", doing, errno_text(number))};
}

} // namespace pier::net::box
