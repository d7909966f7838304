/// What a console sends.

#include "net/console/frame_gate.hpp"
#include "test/fuzz/target.hpp"

#include <algorithm>
#include <string>
#include <utility>

using namespace pier;
using fuzz::must;

namespace {

std::pair<bool, std::string> pass(std::string_view bytes, size_t piece) {
  net::frame_gate gate;
  std::string out;
  while (!bytes.empty()) {
    auto count = std::min(piece, bytes.size());
    if (!gate.pass(bytes.substr(0, count), out))
      return {false, out};
    bytes.remove_prefix(count);
  }
  return {true, out};
}

uint32_t length_at(std::string_view header) {
  uint32_t out = 0;
  for (size_t i = 4; i < 8; ++i)
    out = out << 8 | static_cast<uint8_t>(header[i]);
  return out;
}

} // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto bytes = fuzz::text_of({data, size});
  auto whole = pass(bytes, size + 1);
  must(whole == pass(bytes, 7), "it passes the same however it is cut");
  std::string_view out{whole.second};
  must(out.empty() || out.front() == 1, "a handshake is the first to pass");
  while (out.size() >= net::frame_gate::header_size) {
    auto length = length_at(out);
    must(length <= net::frame_gate::longest_payload, "no length is too great");
    must((out[3] & 1) == 0, "nothing passes that is for a name");
    out.remove_prefix(
      std::min<size_t>(net::frame_gate::header_size + length, out.size()));
  }
  return 0;
}
