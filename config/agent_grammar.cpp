#include "config/agent_grammar.hpp"

#include "config/quote.hpp"
#include "config/string_grammar.hpp"

#include <algorithm>
#include <cctype>

namespace pier::config {

namespace {

constexpr std::string_view digest = "SHA256:";
constexpr size_t digest_letters = 43;
/// Of a Unix socket's address, with its NUL.
constexpr size_t longest_path = 107;
constexpr size_t longest_command = 4096;

using read_text = std::optional<std::string>;

read_text read_fingerprint(const std::string& text, std::string& why) {
  auto letters = std::string_view{text}.substr(
    std::min(digest.size(), text.size()));
  auto is_base64 = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '+' || c == '/';
  };
  if (
    text.starts_with(digest) && letters.size() == digest_letters
    && std::all_of(letters.begin(), letters.end(), is_base64))
    return text;
  if (text.starts_with("MD5:"))
    why += "; ssh-add -l shows the SHA256 one";
  return std::nullopt;
}

bool is_line(const std::string& text) {
  return std::none_of(text.begin(), text.end(), [](unsigned char c) {
    return c < 0x20 || c == 0x7F;
  });
}

read_text read_path(const std::string& text, const std::string&) {
  auto good = text == "auto" || text.starts_with("/") || text.starts_with("~/");
  return good && text.size() <= longest_path && is_line(text)
    ? std::optional{text}
    : std::nullopt;
}

read_text read_command(const std::string& text, const std::string&) {
  return text.size() <= longest_command && is_line(text) ? std::optional{text}
                                                         : std::nullopt;
}

} // namespace

grammar<std::string> key_fingerprint() {
  return of_strings<std::string>(
    "a key's fingerprint, \"SHA256:\" and 43 letters, as ssh-add -l shows it",
    read_fingerprint, quoted);
}

grammar<std::string> path_or_auto() {
  return of_strings<std::string>(
    "\"auto\" or the absolute path of a socket, of at most 107 bytes",
    read_path, quoted);
}

grammar<std::string> shell_command() {
  return of_strings<std::string>(
    "a shell command in one line, or \"\"", read_command, quoted);
}

} // namespace pier::config
