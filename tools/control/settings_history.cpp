#include "tools/control/settings_history.hpp"

#include "tools/control/replace_file.hpp"
#include "tools/control/state_dir.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>

namespace pier::control {

namespace fs = std::filesystem;

namespace {

constexpr size_t most_kept = 20;

std::string name_of(const past_settings& one) {
  return std::to_string(one.number) + "-" + std::to_string(one.when)
    + (one.good ? "-good" : "-replaced");
}

/// Nothing: it is none of ours.
std::optional<past_settings> read_name(const std::string& name) {
  past_settings one;
  const auto* end = name.data() + name.size();
  auto number = std::from_chars(name.data(), end, one.number);
  if (number.ec != std::errc{} || number.ptr == end)
    return {};
  auto when = std::from_chars(number.ptr + 1, end, one.when);
  one.good = std::string_view{when.ptr, end} == "-good";
  if (when.ec != std::errc{} || name_of(one) != name)
    return {};
  return one;
}

/// Paths are long, and their slashes are in the way: FNV-1a tells them apart.
std::string mark_of(const std::string& path) {
  uint64_t hash = 14695981039346656037ULL;
  for (auto each : path)
    hash = (hash ^ static_cast<unsigned char>(each)) * 1099511628211ULL;
  char digits[17]{};
  std::to_chars(digits, digits + 16, hash, 16);
  return digits;
}

} // namespace

std::string history_folder(const std::string& settings_file) {
  auto base = state_dir();
  if (base.empty() || settings_file.empty())
    return {};
  std::error_code ignored;
  auto whole = fs::absolute(settings_file, ignored).lexically_normal();
  return base + "/settings/" + whole.stem().string() + "-"
    + mark_of(whole.string());
}

result<void>
settings_history::keep(std::string_view text, bool good, int64_t when) const {
  if (folder_.empty())
    return {};
  auto known = all();
  auto alike = std::find_if(
    known.rbegin(), known.rend(),
    [&](const auto& each) { return each.good == good; });
  if (alike != known.rend())
    if (auto last = this->text(*alike); last && *last == text)
      return {};
  std::error_code why;
  fs::create_directories(folder_, why);
  if (why)
    return error{
      from_errno(why.value()), "cannot make " + folder_ + ": " + why.message()};
  ::chmod(folder_.c_str(), 0700);
  past_settings next{known.empty() ? 1 : known.back().number + 1, when, good};
  auto kept = replace_file(folder_ + "/" + name_of(next), text);
  if (!kept)
    return kept;
  known.push_back(next);
  for (size_t i = 0; i + most_kept < known.size(); ++i)
    ::unlink((folder_ + "/" + name_of(known[i])).c_str());
  return {};
}

std::vector<past_settings> settings_history::all() const {
  std::vector<past_settings> out;
  std::error_code why;
  fs::directory_iterator each{folder_, why};
  for (; !why && each != fs::directory_iterator{}; each.increment(why))
    if (auto one = read_name(each->path().filename().string()))
      out.push_back(*one);
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return a.number < b.number;
  });
  return out;
}

result<std::string> settings_history::text(const past_settings& of) const {
  auto path = folder_ + "/" + name_of(of);
  std::ifstream file{path, std::ios::binary};
  std::string text{
    std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{}};
  if (!file)
    return error{ec::failed, "cannot read " + path};
  return text;
}

} // namespace pier::control
