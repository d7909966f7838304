#include "net/proxy/digest.hpp"

#include <boost/beast/core/string.hpp>

#include <openssl/evp.h>

#include <array>
#include <cstdio>

namespace pier::net {

namespace {

using boost::beast::iequals;

struct algorithm {
  std::string_view word;
  const EVP_MD* (*digest)();
  bool of_session;
};

/// The strongest first.
constexpr algorithm algorithms[] = {
  {"SHA-256", ::EVP_sha256, false},
  {"SHA-256-sess", ::EVP_sha256, true},
  {"MD5", ::EVP_md5, false},
  {"MD5-sess", ::EVP_md5, true},
};

const algorithm* algorithm_of(const challenge& what) {
  auto word = what.parameter("algorithm");
  if (word.empty())
    word = "MD5";
  for (const auto& each : algorithms)
    if (iequals(
          {each.word.data(), each.word.size()}, {word.data(), word.size()}))
      return &each;
  return nullptr;
}

std::string hex_digest(const EVP_MD* by, const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  ::EVP_Digest(text.data(), text.size(), bytes.data(), &size, by, nullptr);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (unsigned i = 0; i < size; ++i) {
    out.push_back(digits[bytes[i] >> 4]);
    out.push_back(digits[bytes[i] & 15]);
  }
  return out;
}

/// A list of words with commas.
bool has_word(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    auto end = list.find(',');
    auto one = list.substr(0, end);
    while (!one.empty() && one.front() == ' ')
      one.remove_prefix(1);
    while (!one.empty() && one.back() == ' ')
      one.remove_suffix(1);
    if (iequals({one.data(), one.size()}, {word.data(), word.size()}))
      return true;
    list = end == std::string_view::npos ? std::string_view{}
                                         : list.substr(end + 1);
  }
  return false;
}

std::string quoted(std::string_view text) {
  std::string out{"\""};
  for (auto each : text) {
    if (each == '"' || each == '\\')
      out.push_back('\\');
    // What would end the line was never in a header.
    if (each != '\r' && each != '\n' && each != '\0')
      out.push_back(each);
  }
  return out + "\"";
}

} // namespace

std::optional<challenge>
strongest_digest(const std::vector<challenge>& offered) {
  const challenge* best = nullptr;
  for (const auto& each : offered) {
    auto qop = each.parameter("qop");
    if (
      each.scheme != "digest" || algorithm_of(each) == nullptr
      || each.parameter("nonce").empty()
      || (!qop.empty() && !has_word(qop, "auth")))
      continue;
    // Both point into the one table.
    if (best == nullptr || algorithm_of(each) < algorithm_of(*best))
      best = &each;
  }
  return best == nullptr ? std::nullopt : std::optional{*best};
}

std::string answer_digest(const challenge& to, const digest_request& with) {
  const auto& by = *algorithm_of(to);
  auto hash = [&by](const std::string& text) {
    return hex_digest(by.digest(), text);
  };
  std::string realm{to.parameter("realm")};
  std::string nonce{to.parameter("nonce")};
  const auto& user = with.user.reveal();
  auto secret_part = hash(user + ":" + realm + ":" + with.password.reveal());
  if (by.of_session)
    secret_part = hash(secret_part + ":" + nonce + ":" + with.cnonce);
  auto asked = hash(with.method + ":" + with.target);
  std::array<char, 9> count{};
  std::snprintf(count.data(), count.size(), "%08x", with.count);
  auto protects = !to.parameter("qop").empty();
  auto response = hash(
    protects ? secret_part + ":" + nonce + ":" + count.data() + ":"
        + with.cnonce + ":auth:" + asked
             : secret_part + ":" + nonce + ":" + asked);
  auto hides_user = iequals(
    boost::beast::string_view{
      to.parameter("userhash").data(), to.parameter("userhash").size()},
    "true");
  std::string out{"Digest username="};
  out += quoted(hides_user ? hash(user + ":" + realm) : user);
  out += ", realm=" + quoted(realm) + ", nonce=" + quoted(nonce);
  out += ", uri=" + quoted(with.target) + ", response=\"" + response + "\"";
  out += ", algorithm=" + std::string{by.word};
  if (protects)
    out += ", qop=auth, nc=" + std::string{count.data()}
      + ", cnonce=" + quoted(with.cnonce);
  if (auto opaque = to.parameter("opaque"); !opaque.empty())
    out += ", opaque=" + quoted(opaque);
  if (hides_user)
    out += ", userhash=true";
  return out;
}

} // namespace pier::net
