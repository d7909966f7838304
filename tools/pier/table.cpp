#include "tools/pier/table.hpp"

#include <algorithm>

namespace pier::cli {

namespace {

constexpr size_t gap = 3;

bool starts_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
}

} // namespace

size_t width(std::string_view text) {
  return static_cast<size_t>(
    std::count_if(text.begin(), text.end(), starts_character));
}

std::string printable(std::string_view text) {
  std::string clean{text};
  for (auto& byte : clean)
    if (static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F)
      byte = '?';
  return clean;
}

std::string shorten(std::string_view text, size_t columns) {
  if (width(text) <= columns)
    return std::string{text};
  size_t kept = 0;
  size_t end = 0;
  while (end < text.size()) {
    if (starts_character(text[end]) && ++kept == columns)
      break;
    ++end;
  }
  return std::string{text.substr(0, end)} + "…";
}

std::string draw_table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], width(row[i]));
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      auto cell = printable(row[i]);
      line += cell;
      if (i + 1 < row.size())
        line.append(widths[i] + gap - width(cell), ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string human_size(uint64_t bytes) {
  if (bytes < 1000)
    return std::to_string(bytes) + " B";
  constexpr std::string_view units = "kMGTPE";
  auto unit = size_t{0};
  for (; bytes >= 999'950; bytes /= 1000)
    ++unit;
  auto tenths = (bytes + 50) / 100;
  auto text = std::to_string(tenths / 10);
  if (tenths < 1000)
    text += "." + std::to_string(tenths % 10);
  return text + " " + units[unit] + "B";
}

std::string human_microseconds(uint64_t microseconds) {
  if (microseconds < 1000)
    return std::to_string(microseconds) + " µs";
  auto tenths = (microseconds + 50) / 100;
  const auto* unit = " ms";
  if (tenths >= 10'000) {
    tenths = (microseconds + 50'000) / 100'000;
    unit = " s";
  }
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + unit;
}

std::string human_duration(int64_t seconds) {
  auto count = [](int64_t number, const char* unit) {
    return std::to_string(number) + " " + unit;
  };
  if (seconds < 1)
    return "Less than a second";
  if (seconds == 1)
    return "1 second";
  if (seconds < 60)
    return count(seconds, "seconds");
  auto minutes = seconds / 60;
  if (minutes == 1)
    return "About a minute";
  if (minutes < 60)
    return count(minutes, "minutes");
  auto hours = (seconds + 1800) / 3600;
  if (hours == 1)
    return "About an hour";
  if (hours < 48)
    return count(hours, "hours");
  if (hours < 24 * 7 * 2)
    return count(hours / 24, "days");
  if (hours < 24 * 30 * 2)
    return count(hours / 24 / 7, "weeks");
  if (hours < 24 * 365 * 2)
    return count(hours / 24 / 30, "months");
  return count(hours / 24 / 365, "years");
}

} // namespace pier::cli
