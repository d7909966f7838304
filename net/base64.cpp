#include "net/base64.hpp"

#include <openssl/evp.h>

#include <algorithm>

namespace pier::net {

namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

} // namespace

std::string to_base64(std::string_view bytes) {
  // It ends its output with a zero.
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  auto size = ::EVP_EncodeBlock(
    bytes_of(out), bytes_of(bytes), static_cast<int>(bytes.size()));
  out.resize(static_cast<size_t>(size));
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  auto fill = static_cast<size_t>(std::count(text.begin(), text.end(), '='));
  if (text.size() % 4 != 0 || fill > 2 || text.find('=') < text.size() - fill)
    return std::nullopt;
  std::string out(text.size() / 4 * 3, '\0');
  auto size = ::EVP_DecodeBlock(
    bytes_of(out), bytes_of(text), static_cast<int>(text.size()));
  if (size < 0 || static_cast<size_t>(size) != out.size())
    return std::nullopt;
  out.resize(out.size() - fill);
  return out;
}

} // namespace pier::net
