#include "test/net/sandbox/scratch.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace pier::net::trials {

scratch::scratch() {
  std::string name = "/tmp/pier-sandbox-XXXXXX";
  REQUIRE(::mkdtemp(name.data()) != nullptr);
  ::chmod(name.c_str(), 0755);
  path_ = name;
}

scratch::~scratch() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string
scratch::file(const std::string& name, const std::string& text, unsigned mode) {
  auto path = *this / name;
  std::ofstream{path} << text;
  ::chmod(path.c_str(), mode);
  return path;
}

std::string scratch::folder(const std::string& name) {
  auto path = *this / name;
  std::filesystem::create_directories(path);
  return path;
}

std::string read_file(const std::string& path) {
  std::ostringstream out;
  out << std::ifstream{path}.rdbuf();
  return out.str();
}

} // namespace pier::net::trials
