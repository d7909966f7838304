#pragma once

/// A person at the two programs, which stand on a supervisor without a kernel.
/// Here a killed supervisor leaves its commands alive, so each of them must end
/// by itself: with its input, or after a minute.

#include "test/support/built.hpp"
#include "test/support/temp_dir.hpp"
#include "test/tools/program.hpp"
#include "tools/control/json.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace pier::test {

using words = std::vector<std::string>;

struct said {
  int status;
  std::string out;
  std::string err;
};

/// A user with a runtime directory of his own.
struct person {
  test::temp_dir dir;
  std::map<std::string, std::string> environment{
    {"PIER_RUNTIME_DIR", dir.path()},
    {"PIER_LOG", "off"},
    {"XDG_STATE_HOME", dir / "state"}};

  words line(const std::string& name, const words& rest) {
    words all{test::built("../fake/" + name).string()};
    all.insert(all.end(), rest.begin(), rest.end());
    return all;
  }

  std::unique_ptr<program> start(const words& rest, bool terminal = false) {
    return std::make_unique<program>(line("pier", rest), environment, terminal);
  }

  said pier(const words& rest) {
    program one{line("pier", rest), environment};
    one.close_input();
    auto status = one.finish();
    return {status, one.out(), one.err()};
  }

  std::unique_ptr<program> pierd(const words& rest = {}) {
    auto made = std::make_unique<program>(line("pierd", rest), environment);
    REQUIRE(made->says("pierd: ready on " + dir.path() + "/pierd.sock\n"));
    return made;
  }

  std::string state(const std::string& name) {
    auto told = pier({"inspect", name});
    if (told.status != 0)
      return "missing";
    return control::parse_json(told.out)->at("state").as_string().c_str();
  }

  bool exists(const std::string& name) {
    struct stat facts {};
    return ::stat((dir / name).c_str(), &facts) == 0;
  }
};

inline const words until_read{"sh", "-c", "echo READY; read x; echo got:$x"};

/// Says every signal that reaches it, and ends with status 42 at one of
/// `last`, or after twenty seconds without any. The signals are blocked, so
/// that none comes too early to be heard.
inline words listener(const words& last) {
  words all{"python3", "-c", R"(import os, signal, sys
heard = {signal.SIGHUP, signal.SIGINT, signal.SIGUSR1, signal.SIGTERM,
         signal.SIGWINCH}
signal.pthread_sigmask(signal.SIG_BLOCK, heard)
print("READY", flush=True)
while got := signal.sigtimedwait(heard, 20):
    name = signal.Signals(got.si_signo).name
    print(name, flush=True)
    if name == "SIGWINCH":
        print(*os.get_terminal_size(0), flush=True)
    if name in sys.argv:
        sys.exit(42)
)"};
  all.insert(all.end(), last.begin(), last.end());
  return all;
}

inline words with(words options, const words& command) {
  options.insert(options.end(), command.begin(), command.end());
  return options;
}

inline bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace pier::test
