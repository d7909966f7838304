/// A body in chunks: read in whatever pieces it is the same.

#include "net/http/body.hpp"
#include "test/fuzz/target.hpp"

#include <array>
#include <optional>

using namespace pier;
using fuzz::must;

namespace {

/// Nothing: it is refused, or not at its end.
std::optional<std::string> read(std::string_view all, size_t piece) {
  net::body_reader reader{{net::framing::kind::chunked, 0}};
  std::array<char, 64> room{};
  std::string come;
  std::string out;
  while (!reader.is_done()) {
    auto got = reader.read(come, room);
    if (!got)
      return std::nullopt;
    must(got->taken <= come.size(), "no more is taken than has come");
    must(got->given <= room.size(), "no more is given than there is room");
    out.append(room.data(), got->given);
    come.erase(0, got->taken);
    if (got->taken > 0 || got->given > 0)
      continue;
    if (all.empty())
      return std::nullopt;
    come += all.substr(0, piece);
    all.remove_prefix(std::min(piece, all.size()));
  }
  must(net::fault_of_lines(reader.trailers()) == nullptr, "trailers are lines");
  return out;
}

} // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto text = fuzz::text_of({data, size});
  auto whole = read(text, size + 1);
  must(read(text, 1) == whole, "pieces make no difference");
  return 0;
}
