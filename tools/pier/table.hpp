#pragma once

/// Columns for a terminal. Pure.

#include <string>
#include <string_view>
#include <vector>

namespace pier::cli {

/// The columns that a text takes: its UTF-8 code points.
size_t width(std::string_view text);

/// Rows whose columns are as wide as their widest cell and three apart; the
/// last one is not padded. Control characters are shown as `?`: names and
/// commands come from others.
std::string draw_table(const std::vector<std::vector<std::string>>& rows);

/// The text with `?` for every control character.
std::string printable(std::string_view text);

/// At most `columns` wide, the rest as `…`.
std::string shorten(std::string_view text, size_t columns);

/// "2.3 MB", at most four digits: powers of ten, as of disks and links.
std::string human_size(uint64_t bytes);

/// "84 µs", "12.3 ms", "1.2 s".
std::string human_microseconds(uint64_t microseconds);

/// "5 minutes", in Docker's words.
std::string human_duration(int64_t seconds);

} // namespace pier::cli
