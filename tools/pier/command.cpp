#include "tools/pier/command.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <termios.h>
#include <unistd.h>

#include <cstdio>

namespace pier::cli {

namespace {

/// One line on stderr. A terminal in raw mode does not return the carriage by
/// itself.
void say(std::string line) {
  termios now{};
  auto raw = ::tcgetattr(STDERR_FILENO, &now) == 0
    && (now.c_oflag & static_cast<tcflag_t>(OPOST)) == 0;
  line += raw ? "\r\n" : "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

} // namespace

options::options(std::string command)
  : command_(std::move(command)), app_(std::string{}, command_) {
  app_.set_help_flag();
  app_.add_flag("-h,--help", help_wanted_);
}

void options::end_at_first_word() {
  has_rest_ = true;
  app_.prefix_command();
}

result<void> options::parse(const arguments& given) {
  // CLI11 takes its arguments off the end.
  arguments reversed{given.rbegin(), given.rend()};
  try {
    app_.parse(std::move(reversed));
  } catch (const CLI::ParseError& what) {
    // CLI11 checks what is required before we see that help was asked for.
    if (help_wanted_)
      return {};
    return complaint(what);
  }
  if (!has_rest_)
    return {};
  rest = app_.remaining();
  if (rest.empty())
    return {};
  if (rest.front() == "--") {
    rest.erase(rest.begin());
    return {};
  }
  if (rest.front().size() > 1 && rest.front().front() == '-')
    return error{
      ec::bad_request,
      "unknown option " + rest.front() + "; see \"" + command_ + " --help\""};
  return {};
}

error options::complaint(const CLI::ParseError& about) {
  std::string text = about.what();
  if (dynamic_cast<const CLI::ExtrasError*>(&about) != nullptr) {
    auto extra = app_.remaining();
    auto option = !extra.empty() && extra.front().starts_with("-");
    text = (option ? "unknown option " : "unexpected argument ")
      + (extra.empty() ? std::string{} : extra.front());
  }
  return {ec::bad_request, text + "; see \"" + command_ + " --help\""};
}

int begin(
  options& of, std::string_view help, const arguments& given, int usage_error) {
  auto parsed = of.parse(given);
  if (of.help_wanted()) {
    print(help);
    return 0;
  }
  return parsed ? -1 : complain(parsed.error(), usage_error);
}

int complain(const error& why, int status) {
  say("pier: " + why.text);
  return status;
}

void warn(std::string_view sentence) {
  say("WARNING: " + std::string{sentence});
}

bool print(std::string_view text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size()
    && std::fflush(stdout) == 0;
}

} // namespace pier::cli
