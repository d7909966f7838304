#include "net/agent/wire.hpp"

#include "net/base64.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace pier::net {

namespace {

enum type : uint8_t {
  failure = 5,
  list = 11,
  list_answer = 12,
  sign = 13,
  add = 17,
  remove = 18,
  remove_all = 19,
  add_from_card = 20,
  remove_card = 21,
  lock = 22,
  unlock = 23,
  add_constrained = 25,
  add_from_card_constrained = 26,
  extension = 27,
};

/// Reads from the front; whatever is missing makes it bad for good.
class reader {
public:
  explicit reader(agent_view all) : left_(all) {}

  uint32_t number() {
    auto bytes = take(4);
    uint32_t out = 0;
    for (auto each : bytes)
      out = out << 8 | each;
    return out;
  }

  agent_view string() {
    return take(number());
  }

  bool good() const noexcept {
    return good_;
  }

private:
  agent_view take(size_t size) {
    if (size > left_.size() || !good_) {
      good_ = false;
      return {};
    }
    auto out = left_.first(size);
    left_ = left_.subspan(size);
    return out;
  }

  agent_view left_;
  bool good_ = true;
};

void put_number(agent_bytes& to, size_t value) {
  for (auto shift : {24, 16, 8, 0})
    to.push_back(static_cast<uint8_t>(value >> shift));
}

void put_string(agent_bytes& to, agent_view text) {
  put_number(to, text.size());
  to.insert(to.end(), text.begin(), text.end());
}

std::string_view text_of(agent_view bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// What a change is, for a person; null: it is none.
const char* change_of(uint8_t what) {
  switch (what) {
    case add:
    case add_constrained:
      return "to add a key";
    case add_from_card:
    case add_from_card_constrained:
      return "to add the keys of a token";
    case remove:
      return "to remove a key";
    case remove_all:
      return "to remove all keys";
    case remove_card:
      return "to remove the keys of a token";
    case lock:
      return "to lock the agent";
    case unlock:
      return "to unlock the agent";
    default:
      return nullptr;
  }
}

agent_request read_extension(reader in) {
  using kind = agent_request::kind;
  auto name = text_of(in.string());
  if (in.good() && name == "session-bind@openssh.com")
    return {kind::bind, {}, "to be told of a connection"};
  return {kind::other, {}, "something that is not known here"};
}

} // namespace

std::optional<size_t> agent_message_size(agent_view begin) {
  if (begin.size() < agent_head)
    return std::nullopt;
  size_t length = reader{begin}.number();
  return length == 0 || length > max_agent_message ? 0 : agent_head + length;
}

agent_request read_agent_request(agent_view message) {
  using kind = agent_request::kind;
  agent_request unknown{kind::other, {}, "something that is not known here"};
  if (message.size() <= agent_head)
    return unknown;
  auto what = message[agent_head];
  reader in{message.subspan(agent_head + 1)};
  if (what == list)
    return {kind::list, {}, "which keys there are"};
  if (what == extension)
    return read_extension(in);
  if (const auto* text = change_of(what))
    return {kind::change, {}, text};
  auto key = in.string();
  if (what != sign || !in.good())
    return unknown;
  return {kind::sign, fingerprint(key), "to sign"};
}

std::string fingerprint(agent_view key) {
  std::array<uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  ::EVP_Digest(
    key.data(), key.size(), digest.data(), &size, ::EVP_sha256(), nullptr);
  auto out = "SHA256:"
    + to_base64({reinterpret_cast<const char*>(digest.data()), size});
  out.erase(out.find_last_not_of('=') + 1);
  return out;
}

std::optional<agent_bytes>
keep_keys(agent_view answer, const std::vector<std::string>& keys) {
  if (answer.size() <= agent_head || answer[agent_head] != list_answer)
    return agent_bytes{answer.begin(), answer.end()};
  reader in{answer.subspan(agent_head + 1)};
  agent_bytes kept;
  size_t count = 0;
  auto all = in.number();
  for (uint32_t i = 0; i < all && in.good(); ++i) {
    auto key = in.string();
    auto comment = in.string();
    auto known = std::find(keys.begin(), keys.end(), fingerprint(key));
    if (!in.good() || known == keys.end())
      continue;
    ++count;
    put_string(kept, key);
    put_string(kept, comment);
  }
  if (!in.good())
    return std::nullopt;
  agent_bytes out;
  put_number(out, 1 + 4 + kept.size());
  out.push_back(list_answer);
  put_number(out, count);
  out.insert(out.end(), kept.begin(), kept.end());
  return out;
}

agent_bytes agent_failure() {
  agent_bytes out;
  put_number(out, 1);
  out.push_back(failure);
  return out;
}

} // namespace pier::net
