#include "tools/control/json.hpp"

#include <boost/json/serialize.hpp>

namespace pier::control {

namespace {

void write(std::string& out, const json::value& what, size_t depth);

void new_line(std::string& out, size_t depth) {
  out += '\n';
  out.append(depth * 2, ' ');
}

void write(std::string& out, const json::array& items, size_t depth) {
  out += '[';
  for (size_t i = 0; i < items.size(); ++i) {
    if (i > 0)
      out += ',';
    new_line(out, depth + 1);
    write(out, items[i], depth + 1);
  }
  new_line(out, depth);
  out += ']';
}

void write(std::string& out, const json::object& fields, size_t depth) {
  out += '{';
  auto first = true;
  for (const auto& field : fields) {
    if (!std::exchange(first, false))
      out += ',';
    new_line(out, depth + 1);
    out += json::serialize(json::string_view{field.key()}) + ": ";
    write(out, field.value(), depth + 1);
  }
  new_line(out, depth);
  out += '}';
}

void write(std::string& out, const json::value& what, size_t depth) {
  if (what.is_array() && !what.get_array().empty())
    write(out, what.get_array(), depth);
  else if (what.is_object() && !what.get_object().empty())
    write(out, what.get_object(), depth);
  else
    out += json::serialize(what);
}

} // namespace

std::string pretty(const json::value& what) {
  std::string out;
  write(out, what, 0);
  out += '\n';
  return out;
}

} // namespace pier::control
