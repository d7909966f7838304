#include "net/sandbox/saying.hpp"

#include <cstring>

namespace pier::net::box {

namespace {

/// A byte for the word, a byte for the code, four for the number in the
/// machine's own order (both ends are the same program), then the text.
constexpr size_t head = 6;

} // namespace

std::string encode(const saying& what) {
  std::string out(head, '\0');
  out[0] = static_cast<char>(what.what);
  out[1] = static_cast<char>(what.code);
  std::memcpy(out.data() + 2, &what.number, sizeof(what.number));
  out.append(what.text, 0, max_text);
  return out;
}

std::optional<saying> decode_saying(std::string_view bytes) {
  if (bytes.size() < head || bytes.size() > max_saying)
    return std::nullopt;
  auto what = static_cast<uint8_t>(bytes[0]);
  auto code = static_cast<uint8_t>(bytes[1]);
  if (
    what == 0 || what >= static_cast<uint8_t>(word::last)
    || code >= static_cast<uint8_t>(ec::last))
    return std::nullopt;
  saying out;
  out.what = static_cast<word>(what);
  out.code = static_cast<ec>(code);
  std::memcpy(&out.number, bytes.data() + 2, sizeof(out.number));
  out.text = bytes.substr(head);
  return out;
}

} // namespace pier::net::box
