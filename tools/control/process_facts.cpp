#include "tools/control/process_facts.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace pier::control {

namespace {

uint64_t count_descriptors() {
  // Since Linux 6.2 its size is their number, however many there are.
  struct stat facts {};
  if (::stat("/proc/self/fd", &facts) == 0 && facts.st_size > 0)
    return static_cast<uint64_t>(facts.st_size);
  std::error_code ignored;
  uint64_t count = 0;
  for (std::filesystem::directory_iterator each{"/proc/self/fd", ignored}, end;
       !ignored && each != end; each.increment(ignored))
    ++count;
  return count;
}

/// Of a line "NAME NUMBER"; 0: there is none.
double number_after(const std::string& name, const char* file) {
  std::ifstream from{file};
  std::string word;
  while (from >> word)
    if (double number = 0; word == name && from >> number)
      return number;
  return 0;
}

std::chrono::microseconds micros(const timeval& of) {
  return std::chrono::seconds{of.tv_sec}
  + std::chrono::microseconds{of.tv_usec};
}

/// Of /proc/self/stat, counted as in proc(5), where the second one is a name in
/// brackets that may hold anything.
std::istringstream fields_of_stat() {
  std::ifstream from{"/proc/self/stat"};
  std::string line;
  std::getline(from, line);
  auto end = line.rfind(')');
  return std::istringstream{
    end == std::string::npos ? "" : line.substr(end + 1)};
}

} // namespace

process_facts look_at_process() {
  process_facts out;
  rusage used{};
  if (::getrusage(RUSAGE_SELF, &used) == 0)
    out.processor_time = micros(used.ru_utime) + micros(used.ru_stime);
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0)
    out.most_descriptors = limit.rlim_cur;
  out.descriptors = count_descriptors();
  auto fields = fields_of_stat();
  std::string skipped;
  for (int i = 3; i < 20; ++i)
    fields >> skipped;
  double began = 0, pages = 0;
  fields >> out.threads >> skipped >> began >> out.virtual_bytes >> pages;
  if (!fields)
    return out;
  out.resident_bytes = static_cast<uint64_t>(pages)
    * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
  out.started = number_after("btime", "/proc/stat")
    + began / static_cast<double>(::sysconf(_SC_CLK_TCK));
  return out;
}

} // namespace pier::control
