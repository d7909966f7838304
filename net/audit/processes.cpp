#include "net/audit/processes.hpp"

#include <sys/stat.h>

#include <cctype>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace pier::net {

namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
  std::ifstream in{file};
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::vector<std::string> split_words(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in{text};
  for (std::string word; std::getline(in, word, '\0');)
    out.push_back(word);
  return out;
}

} // namespace

bool read_stat(const std::string& line, process& to) {
  auto open = line.find('(');
  auto close = line.rfind(')');
  if (open == std::string::npos || close == std::string::npos || close < open)
    return false;
  to.name = line.substr(open + 1, close - open - 1);
  char state = 0;
  std::istringstream front{line.substr(0, open)};
  std::istringstream rest{line.substr(close + 1)};
  return (front >> to.pid) && (rest >> state >> to.parent) && state != 'Z'
    && state != 'X';
}

uint64_t inode_of(int descriptor) {
  struct stat facts {};
  return ::fstat(descriptor, &facts) == 0 ? facts.st_ino : 0;
}

std::vector<process> all_processes() {
  std::vector<process> out;
  std::error_code why;
  for (fs::directory_iterator at{"/proc", why}, end; !why && at != end;
       at.increment(why)) {
    auto name = at->path().filename().string();
    process each;
    if (
      std::isdigit(static_cast<unsigned char>(name.front())) == 0
      || !read_stat(text_of(at->path() / "stat"), each))
      continue;
    struct stat facts {};
    if (::stat((at->path() / "ns/net").c_str(), &facts) == 0)
      each.network = facts.st_ino;
    each.words = split_words(text_of(at->path() / "cmdline"));
    out.push_back(std::move(each));
  }
  return out;
}

} // namespace pier::net
