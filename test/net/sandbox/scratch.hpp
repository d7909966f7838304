#pragma once

/// Files for a test.

#include <filesystem>
#include <string>

namespace pier::net::trials {

/// A folder of our own, removed at the end.
class scratch {
public:
  scratch();
  ~scratch();
  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;

  std::string operator/(const std::string& name) const {
    return (path_ / name).string();
  }
  std::string path() const {
    return path_.string();
  }
  /// Returns its path.
  std::string
  file(const std::string& name, const std::string& text, unsigned mode = 0644);
  std::string folder(const std::string& name);

private:
  std::filesystem::path path_;
};

std::string read_file(const std::string& path);

} // namespace pier::net::trials
