#include "net/console/frame_gate.hpp"

#include <algorithm>

namespace pier::net {

namespace {

enum operation : uint8_t {
  client_handshake = 1,
  direct_message = 2,
  monitor_message = 4,
  down_message = 5,
  heartbeat = 6,
};

constexpr size_t flags_at = 3;
constexpr size_t length_at = 4;
constexpr uint8_t to_a_name = 1;

uint8_t byte_at(const std::array<char, frame_gate::header_size>& of, size_t i) {
  return static_cast<uint8_t>(of[i]);
}

uint32_t length_in(const std::array<char, frame_gate::header_size>& header) {
  uint32_t out = 0;
  for (size_t i = 0; i < sizeof(out); ++i)
    out = out << 8 | byte_at(header, length_at + i);
  return out;
}

error no_console(const std::string& why) {
  return {ec::bad_request, "this is no console of this version: " + why};
}

/// A client introduces itself twice where the two nodes have met already.
bool is_said_later(uint8_t what) {
  return what == client_handshake || what == direct_message
    || what == monitor_message || what == down_message || what == heartbeat;
}

} // namespace

result<void> frame_gate::judge() {
  auto what = byte_at(header_, 0);
  left_ = length_in(header_);
  if (greeted_ ? !is_said_later(what) : what != client_handshake)
    return no_console(
      "operation " + std::to_string(what)
      + (greeted_ ? "" : " before the handshake"));
  auto most = what == client_handshake ? longest_handshake : longest_payload;
  if (left_ > most)
    return no_console(
      "a message of " + std::to_string(left_) + " bytes, of which there may be "
      + std::to_string(most));
  // CAF's own nodes speak to each other so, and do well without.
  passes_ = (byte_at(header_, flags_at) & to_a_name) == 0;
  if (!passes_ && what == client_handshake)
    return no_console("a handshake for an actor");
  greeted_ = true;
  return {};
}

result<void> frame_gate::pass(std::string_view bytes, std::string& out) {
  while (!bytes.empty()) {
    if (left_ > 0) {
      auto count = std::min<size_t>(left_, bytes.size());
      if (passes_)
        out.append(bytes.substr(0, count));
      bytes.remove_prefix(count);
      left_ -= static_cast<uint32_t>(count);
      continue;
    }
    auto count = std::min(header_size - have_, bytes.size());
    std::copy_n(bytes.begin(), count, header_.begin() + have_);
    have_ += count;
    bytes.remove_prefix(count);
    if (have_ < header_size)
      continue;
    have_ = 0;
    if (auto good = judge(); !good)
      return good.error();
    if (passes_)
      out.append(header_.data(), header_.size());
  }
  return {};
}

} // namespace pier::net
