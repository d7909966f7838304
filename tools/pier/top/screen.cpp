#include "tools/pier/top/screen.hpp"

#define NCURSES_NOMACROS
#include <ncurses.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <clocale>

namespace pier::cli {

namespace {

/// Longer than the bytes of one key are apart, shorter than a person notices.
constexpr int escape_milliseconds = 25;

attr_t attributes_of(style how) {
  switch (how) {
    case style::strong:
      return A_BOLD;
    case style::heading:
      return A_REVERSE;
    case style::faint:
      return A_DIM;
    default:
      return A_NORMAL;
  }
}

std::optional<int> translated(int code) {
  auto one_of_ours = [](key what) { return static_cast<int>(what); };
  switch (code) {
    case KEY_UP:
      return one_of_ours(key::up);
    case KEY_DOWN:
      return one_of_ours(key::down);
    case KEY_PPAGE:
      return one_of_ours(key::page_up);
    case KEY_NPAGE:
      return one_of_ours(key::page_down);
    case KEY_HOME:
      return one_of_ours(key::home);
    case KEY_END:
      return one_of_ours(key::end);
    case '\t':
      return one_of_ours(key::tab);
    case '\r':
    case '\n':
    case KEY_ENTER:
      return one_of_ours(key::enter);
    case '\x1b':
      return one_of_ours(key::escape);
    case '\x7f':
    case '\b':
    case KEY_BACKSPACE:
      return one_of_ours(key::backspace);
    default:
      if (code > 0xFF)
        return {};
      return code;
  }
}

} // namespace

screen::screen() {
  static_cast<void>(std::setlocale(LC_ALL, ""));
  ::initscr();
  ::cbreak();
  ::noecho();
  ::keypad(stdscr, true);
  ::nodelay(stdscr, true);
  ::set_escdelay(escape_milliseconds);
  ::curs_set(0);
}

screen::~screen() {
  ::endwin();
}

size_t screen::columns() const noexcept {
  return static_cast<size_t>(std::max(::getmaxx(stdscr), 1));
}

size_t screen::rows() const noexcept {
  return static_cast<size_t>(std::max(::getmaxy(stdscr), 1));
}

void screen::draw(const std::vector<styled>& lines) {
  ::werase(stdscr);
  for (size_t i = 0; i < lines.size(); ++i) {
    ::wattrset(stdscr, static_cast<int>(attributes_of(lines[i].how)));
    ::mvwaddstr(stdscr, static_cast<int>(i), 0, lines[i].text.c_str());
  }
  ::wrefresh(stdscr);
}

std::optional<int> screen::pressed() {
  while (true) {
    auto code = ::wgetch(stdscr);
    if (code == ERR)
      return {};
    if (auto known = translated(code))
      return known;
  }
}

void screen::resize() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0)
    ::resizeterm(size.ws_row, size.ws_col);
  ::clearok(stdscr, true);
}

} // namespace pier::cli
