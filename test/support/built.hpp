#pragma once

/// Where the programs under test are: beside the test that runs, so that no
/// path of the build is compiled into a test.

#include <filesystem>
#include <string>

namespace pier::test {

inline std::filesystem::path built(const std::string& name) {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / name;
}

} // namespace pier::test
