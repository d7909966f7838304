#include "tools/pier/doctor.hpp"

#include "tools/pier/examination.hpp"

#include <boost/json/array.hpp>

#include <unistd.h>

#include <cstdlib>

namespace pier::cli {

const std::string_view doctor_help
  = R"(Say what this machine allows, what is missing, and how to mend it

Usage:  pier doctor [OPTIONS]

Examples:
  pier doctor
  pier doctor --json

Options:
      --json     As JSON

It starts a supervisor and a container in namespaces of their own, and takes
both away again. Exit status: 0 when the main job works here, else 1. A "note"
is something that works less well than it could.
)";

int doctor(const surroundings& here, const arguments& given) {
  options line{"pier doctor"};
  auto as_json = false;
  line.app().add_flag("--json", as_json);
  if (auto over = begin(line, doctor_help, given); over >= 0)
    return over;
  auto all = examine(here);
  auto tried = try_out();
  all.insert(all.end(), tried.begin(), tried.end());
  if (as_json) {
    control::json::array array;
    for (const auto& each : all)
      array.push_back(to_json(each));
    print(control::pretty(array));
    return exit_status(all);
  }
  auto colour = ::isatty(STDOUT_FILENO) && !::getenv("NO_COLOR");
  print(draw_findings(all, colour));
  if (exit_status(all) == 0)
    print("\nThe main job works here.\n");
  else
    print("\nThe main job does not work here yet.\n");
  return exit_status(all);
}

} // namespace pier::cli
