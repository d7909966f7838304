#include "tools/control/json.hpp"

#include <boost/json/parser.hpp>

#include <algorithm>
#include <cmath>

namespace pier::control {

namespace {

/// Its number is beyond what can be told on: 1e400 is parsed as infinity, for
/// which JSON has no word. As deep as the parser goes.
bool holds_infinity(const json::value& what) {
  if (const auto* number = what.if_double())
    return !std::isfinite(*number);
  if (const auto* some = what.if_array())
    return std::any_of(some->begin(), some->end(), holds_infinity);
  if (const auto* fields = what.if_object())
    return std::any_of(fields->begin(), fields->end(), [](const auto& field) {
      return holds_infinity(field.value());
    });
  return false;
}

} // namespace

result<json::value> parse_json(std::string_view text) {
  json::parse_options options;
  options.max_depth = 64;
  options.allow_invalid_utf8 = true;
  json::parser parser{json::storage_ptr{}, options};
  boost::system::error_code why;
  parser.write(text.data(), text.size(), why);
  if (why)
    return error{ec::bad_request, "this is not JSON: " + why.message()};
  auto made = parser.release();
  if (holds_infinity(made))
    return error{ec::bad_request, "a number in it is too large"};
  return made;
}

} // namespace pier::control
