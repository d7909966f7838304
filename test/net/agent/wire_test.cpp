#include "net/agent/wire.hpp"

#include <catch2/catch.hpp>

#include <string_view>

using namespace pier;
using namespace pier::net;
using kind = agent_request::kind;

namespace {

agent_bytes number(size_t value) {
  agent_bytes out;
  for (auto shift : {24, 16, 8, 0})
    out.push_back(static_cast<uint8_t>(value >> shift));
  return out;
}

agent_bytes operator+(agent_bytes a, const agent_bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

agent_bytes string(std::string_view text) {
  return number(text.size()) + agent_bytes{text.begin(), text.end()};
}

agent_bytes message(uint8_t type, const agent_bytes& rest = {}) {
  return number(rest.size() + 1) + agent_bytes{type} + rest;
}

agent_bytes key(std::string_view name) {
  return string(name) + string("of " + std::string{name});
}

std::string print_of(std::string_view name) {
  return fingerprint(agent_bytes{name.begin(), name.end()});
}

kind read(const agent_bytes& what) {
  return read_agent_request(what).what;
}

} // namespace

TEST_CASE("a fingerprint is what ssh-keygen -l prints") {
  // The SHA-256 of nothing, by `openssl dgst -sha256 -binary | base64`.
  CHECK(print_of("") == "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU");
}

TEST_CASE("a message's size is known when its length has come") {
  auto whole = message(11);
  for (size_t i = 0; i < agent_head; ++i)
    CHECK_FALSE(agent_message_size(agent_view{whole}.first(i)));
  CHECK(agent_message_size(whole) == whole.size());
  CHECK(agent_message_size(number(0)) == 0);
  CHECK(agent_message_size(number(max_agent_message)) == max_agent_message + 4);
  CHECK(agent_message_size(number(max_agent_message + 1)) == 0);
  CHECK(agent_message_size(number(0xFFFFFFFF)) == 0);
}

TEST_CASE("requests are what they are") {
  CHECK(read(message(11)) == kind::list);
  CHECK(read(message(13, string("k") + string("d") + number(0))) == kind::sign);
  for (auto type : agent_bytes{17, 18, 19, 20, 21, 22, 23, 25, 26})
    CHECK(read(message(type)) == kind::change);
  CHECK(read(message(27, string("session-bind@openssh.com"))) == kind::bind);
  CHECK(read(message(27, string("query"))) == kind::other);
  CHECK(read(message(1)) == kind::other);
  CHECK(read(message(255)) == kind::other);
}

TEST_CASE("a signature is asked of the key that stands in front") {
  auto asked = read_agent_request(message(13, string("one") + string("data")));
  CHECK(asked.key == print_of("one"));
}

TEST_CASE("what ends too early is no request that is known") {
  auto whole = message(13, string("key") + string("data"));
  for (size_t i = 0; i < agent_head + 1 + 7; ++i)
    CHECK(
      read(agent_bytes{whole.begin(), whole.begin() + static_cast<long>(i)})
      == kind::other);
  CHECK(read(message(27, number(0xFFFFFFFF))) == kind::other);
}

TEST_CASE("of a list only the keys that are meant are left") {
  auto answer = message(12, number(3) + key("a") + key("b") + key("c"));
  CHECK(
    keep_keys(answer, {print_of("b")}) == message(12, number(1) + key("b")));
  CHECK(keep_keys(answer, {print_of("x")}) == message(12, number(0)));
  CHECK(
    keep_keys(answer, {print_of("c"), print_of("a")})
    == message(12, number(2) + key("a") + key("c")));
}

TEST_CASE("an answer that is no list stays as it is") {
  CHECK(keep_keys(message(5), {print_of("b")}) == message(5));
}

TEST_CASE("a list that promises more than it has is broken") {
  CHECK_FALSE(keep_keys(message(12, number(2) + key("a")), {print_of("a")}));
  CHECK_FALSE(keep_keys(message(12), {print_of("a")}));
  CHECK_FALSE(keep_keys(message(12, number(0xFFFFFFFF)), {print_of("a")}));
}
