#pragma once

/// A fuzz target: one file, one of our parsers. libFuzzer calls it with bytes
/// of its own making (tools/fuzz), the replay with those of corpus/TARGET.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>

// libFuzzer's own signature.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace pier::fuzz {

using bytes = std::span<const uint8_t>;

/// What a parser promises; broken, it is a finding like any crash.
inline void must(bool holds, const char* law) {
  if (holds)
    return;
  std::fprintf(stderr, "broken: %s\n", law);
  std::abort();
}

inline std::string_view text_of(bytes input) {
  return {reinterpret_cast<const char*>(input.data()), input.size()};
}

} // namespace pier::fuzz
