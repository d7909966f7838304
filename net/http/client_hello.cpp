#include "net/http/client_hello.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>
#include <vector>

namespace pier::net {

namespace {

using bytes = std::span<const uint8_t>;

constexpr uint8_t handshake_record = 22;
constexpr uint8_t client_hello = 1;
constexpr uint16_t server_name = 0;
constexpr uint8_t host_name = 0;
/// RFC 8446, 5.1.
constexpr size_t longest_record = 16384;
constexpr size_t longest_name = 253;
constexpr size_t record_head = 5, message_head = 4;

/// Reads on, or says that there is not so much.
class reader {
public:
  explicit reader(bytes from) : left_(from) {}

  bool is_empty() const noexcept {
    return left_.empty();
  }

  std::optional<size_t> number(size_t size) {
    auto some = take(size);
    if (!some)
      return std::nullopt;
    size_t out = 0;
    for (auto each : *some)
      out = out * 256 + each;
    return out;
  }

  std::optional<bytes> take(size_t size) {
    if (left_.size() < size)
      return std::nullopt;
    auto out = left_.first(size);
    left_ = left_.subspan(size);
    return out;
  }

  /// As many as a number of that size before them says.
  std::optional<bytes> vector(size_t size) {
    auto length = number(size);
    return length ? take(*length) : std::nullopt;
  }

private:
  bytes left_;
};

std::string read_name(bytes text) {
  std::string out;
  for (auto each : text) {
    auto good = std::isalnum(each) != 0 || each == '-' || each == '_'
      || each == '.';
    if (!good || out.size() == longest_name)
      return {};
    out += static_cast<char>(std::tolower(each));
  }
  return out.starts_with('.') ? std::string{} : out;
}

/// Empty: there is none, or it makes no sense.
std::string name_of_list(bytes extension) {
  auto list = reader{extension}.vector(2);
  if (!list)
    return {};
  reader names{*list};
  while (!names.is_empty()) {
    auto type = names.number(1);
    auto name = names.vector(2);
    if (!type || !name)
      return {};
    if (*type == host_name)
      return read_name(*name);
  }
  return {};
}

std::string name_of_hello(bytes body) {
  constexpr size_t version_and_random = 34;
  reader from{body};
  if (
    !from.take(version_and_random) || !from.vector(1) || !from.vector(2)
    || !from.vector(1))
    return {};
  auto all = from.vector(2);
  if (!all)
    return {};
  reader extensions{*all};
  while (!extensions.is_empty()) {
    auto type = extensions.number(2);
    auto data = extensions.vector(2);
    if (!type || !data)
      return {};
    if (*type == server_name)
      return name_of_list(*data);
  }
  return {};
}

/// What the records carry, as far as it is there; nothing: they are none of a
/// handshake.
std::optional<std::vector<uint8_t>> message_of(bytes from) {
  std::vector<uint8_t> out;
  while (from.size() >= record_head) {
    auto length = size_t{from[3]} * 256 + from[4];
    if (
      from[0] != handshake_record || from[1] != 3 || length == 0
      || length > longest_record)
      return std::nullopt;
    from = from.subspan(record_head);
    auto there = std::min(length, from.size());
    out.insert(
      out.end(), from.begin(), from.begin() + static_cast<ptrdiff_t>(there));
    from = from.subspan(there);
  }
  return out;
}

} // namespace

hello_name read_hello(bytes from) {
  using kind = hello_name::kind;
  if (!from.empty() && from[0] != handshake_record)
    return {kind::none, {}};
  auto message = message_of(from);
  if (!message)
    return {kind::none, {}};
  if (message->size() < message_head)
    return {
      message->empty() || (*message)[0] == client_hello ? kind::incomplete
                                                        : kind::none,
      {}};
  const auto& m = *message;
  auto length = (size_t{m[1]} << 16U) + (size_t{m[2]} << 8U) + m[3];
  if (m[0] != client_hello || length > longest_record)
    return {kind::none, {}};
  if (m.size() < message_head + length)
    return {kind::incomplete, {}};
  auto name = name_of_hello(bytes{m}.subspan(message_head, length));
  if (name.empty())
    return {kind::none, {}};
  return {kind::found, std::move(name)};
}

} // namespace pier::net
