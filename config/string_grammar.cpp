#include "config/string_grammar.hpp"

#include <iterator>
#include <sstream>

namespace pier::config {

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream words{text};
  return {std::istream_iterator<std::string>{words}, {}};
}

} // namespace pier::config
