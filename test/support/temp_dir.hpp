#pragma once

/// A folder of a test's own, gone with it.

#include <stdlib.h>

#include <filesystem>
#include <stdexcept>
#include <string>

namespace pier::test {

class temp_dir {
public:
  temp_dir() {
    char name[] = "/tmp/pier-test-XXXXXX";
    if (!::mkdtemp(name))
      throw std::runtime_error("no folder for the test");
    path_ = name;
  }
  ~temp_dir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  temp_dir(const temp_dir&) = delete;
  temp_dir& operator=(const temp_dir&) = delete;

  const std::string& path() const {
    return path_;
  }
  std::string operator/(const std::string& name) const {
    return path_ + "/" + name;
  }

private:
  std::string path_;
};

} // namespace pier::test
