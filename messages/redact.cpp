#include "messages/redact.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <utility>

namespace pier {

namespace {

constexpr std::string_view mask = "***";
constexpr auto npos = std::string_view::npos;

char lower(char each) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(each)));
}

/// Where the words stand from there on, in whatever case; npos: nowhere.
size_t find_word(std::string_view text, std::string_view word, size_t from) {
  auto same = [](char a, char b) { return lower(a) == b; };
  auto begin = text.begin() + static_cast<std::ptrdiff_t>(from);
  auto found = std::search(begin, text.end(), word.begin(), word.end(), same);
  return found == text.end() ? npos : static_cast<size_t>(found - text.begin());
}

/// SCHEME://USER:PASSWORD@HOST: what stands before the last @ of the authority.
std::string without_credentials(std::string_view text) {
  constexpr std::string_view front = "://";
  std::string out;
  size_t done = 0;
  for (auto at = text.find(front); at != npos; at = text.find(front, done)) {
    auto begin = at + front.size();
    auto end = std::min(
      text.find_first_of(" \t\r\n/?#\"'<>", begin), text.size());
    auto last = text.substr(begin, end - begin).rfind('@');
    out += text.substr(done, begin - done);
    done = begin;
    if (last == npos)
      continue;
    out += mask;
    done = begin + last;
  }
  out += text.substr(done);
  return out;
}

/// NAME: VALUE, up to the end of the line.
std::string without_headers(std::string_view text) {
  // It stands in "proxy-authorization:", too.
  constexpr std::string_view name = "authorization:";
  std::string out;
  size_t done = 0;
  for (auto at = find_word(text, name, 0); at != npos;
       at = find_word(text, name, done)) {
    auto begin = at + name.size();
    out += text.substr(done, begin - done);
    out += " ";
    out += mask;
    done = std::min(text.find_first_of("\r\n", begin), text.size());
  }
  out += text.substr(done);
  return out;
}

/// A key in PEM, whatever kind; one that is cut short goes as a whole.
std::string without_keys(std::string_view text) {
  constexpr std::string_view begins = "-----BEGIN ";
  constexpr std::string_view secret = "PRIVATE KEY-----";
  std::string out;
  size_t done = 0;
  for (auto at = text.find(begins); at != npos; at = text.find(begins, done)) {
    auto label = text.find(secret, at + begins.size());
    auto next = text.find("-----", at + begins.size());
    // Of another kind, such as a certificate.
    if (label == npos || next != label + secret.size() - 5) {
      out += text.substr(done, at + begins.size() - done);
      done = at + begins.size();
      continue;
    }
    out += text.substr(done, at - done);
    out += mask;
    auto end = text.find(secret, label + secret.size());
    done = end == npos ? text.size() : end + secret.size();
  }
  out += text.substr(done);
  return out;
}

std::string clean_once(std::string_view text) {
  // In this order hardly anything comes to stand together that was apart.
  return without_credentials(without_headers(without_keys(text)));
}

/// Nobody's text by accident needs more than three, of which the last changes
/// nothing.
constexpr int most_rounds = 17;

} // namespace

std::string redact(std::string_view text) {
  std::string out{text};
  // What was taken out may have stood between the halves of another secret.
  for (int round = 0; round < most_rounds; ++round) {
    auto next = clean_once(out);
    if (next == out)
      return out;
    out = std::move(next);
  }
  return std::string{mask};
}

} // namespace pier
