#include "tools/pier/commands.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <csignal>
#include <cstdlib>

extern char** environ;

namespace {

std::map<std::string, std::string> environment() {
  std::map<std::string, std::string> all;
  for (auto** each = environ; each && *each; ++each) {
    std::string line{*each};
    if (auto cut = line.find('='); cut != std::string::npos && cut > 0)
      all[line.substr(0, cut)] = line.substr(cut + 1);
  }
  return all;
}

/// A reader of ours that has gone is an error of the write, not our death. A
/// handler, and not SIG_IGN, since an exec would inherit that.
void outlive_readers() {
  struct sigaction act {};
  act.sa_handler = [](int) {};
  act.sa_flags = SA_RESTART;
  ::sigaction(SIGPIPE, &act, nullptr);
}

/// What a command has to say it says itself; the library's log is for those
/// who ask for it.
void quiet_log() {
  const auto* level = ::getenv("PIER_LOG");
  spdlog::set_default_logger(spdlog::stderr_color_mt("pier"));
  spdlog::set_level(
    level ? spdlog::level::from_str(level) : spdlog::level::off);
}

} // namespace

int main(int argc, char** argv) {
  outlive_readers();
  quiet_log();
  return pier::cli::obey({argv + 1, argv + argc}, environment());
}
