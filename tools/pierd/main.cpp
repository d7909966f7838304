#include "tools/pierd/daemon.hpp"
#include "tools/pierd/log.hpp"

#include <csignal>
#include <cstdio>

namespace {

constexpr int cannot_start = 125;

int complain(const pier::error& why) {
  std::fprintf(stderr, "pierd: %s\n", why.text.c_str());
  return cannot_start;
}

/// A reader of ours that has gone is an error of the write, not our death. A
/// handler, and not SIG_IGN, since an exec would inherit that.
void outlive_readers() {
  struct sigaction act {};
  act.sa_handler = [](int) {};
  act.sa_flags = SA_RESTART;
  ::sigaction(SIGPIPE, &act, nullptr);
}

} // namespace

int main(int argc, char** argv) {
  outlive_readers();
  auto line = pier::daemon::read_line({argv + 1, argv + argc});
  if (!line)
    return complain(line.error());
  if (line->help || line->version) {
    auto text = line->help ? pier::daemon::help : "pierd " PIER_VERSION "\n";
    std::fwrite(text.data(), 1, text.size(), stdout);
    return 0;
  }
  pier::daemon::open_log(line->with.log);
  pier::daemon::daemon one{std::move(*line)};
  if (auto opened = one.open(); !opened)
    return complain(opened.error());
  return one.serve();
}
