#include "config/string_grammar.hpp"

#include <charconv>
#include <iterator>
#include <sstream>

namespace pier::config {

std::optional<uint16_t> read_number(std::string_view text, uint16_t least) {
  uint16_t number = 0;
  auto [end, why] = std::from_chars(
    text.data(), text.data() + text.size(), number);
  auto good = why == std::errc{} && end == text.data() + text.size()
    && number >= least && (text.size() == 1 || text[0] != '0');
  return good ? std::optional{number} : std::nullopt;
}

std::optional<endpoint> read_endpoint(std::string_view text) {
  auto colon = text.rfind(':');
  if (colon == text.npos)
    return std::nullopt;
  auto host = text.substr(0, colon);
  auto in_brackets = host.size() > 2 && host.front() == '['
    && host.back() == ']';
  if (in_brackets)
    host = host.substr(1, host.size() - 2);
  auto ip = ip_address::parse(host);
  auto port = read_number(text.substr(colon + 1), 1);
  if (!ip || !port || ip->is_v4() == in_brackets)
    return std::nullopt;
  return endpoint{*ip, *port};
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream words{text};
  return {std::istream_iterator<std::string>{words}, {}};
}

} // namespace pier::config
