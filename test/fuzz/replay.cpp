/// Feeds files to a fuzz target without libFuzzer: every seed and every past
/// finding, in each compiler and under each sanitizer of the ordinary suite.
/// An input that crashes ends this program, and was named before.

#include "test/fuzz/target.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

int main(int count, char** arguments) {
  if (count != 2)
    return EXIT_FAILURE;
  size_t inputs = 0;
  for (const auto& each : std::filesystem::directory_iterator{arguments[1]}) {
    std::cout << each.path().filename().string() << std::endl;
    std::ifstream file{each.path(), std::ios::binary};
    std::vector<char> read{std::istreambuf_iterator<char>{file}, {}};
    std::vector<uint8_t> input(read.begin(), read.end());
    LLVMFuzzerTestOneInput(input.data(), input.size());
    ++inputs;
  }
  // A corpus that was not found must not pass for one without findings.
  return inputs > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
