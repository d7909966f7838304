#include "tools/pier/commands.hpp"

#include "tools/control/runtime_dir.hpp"
#include "tools/pier/attach.hpp"
#include "tools/pier/audit.hpp"
#include "tools/pier/by_hand.hpp"
#include "tools/pier/capture/capture.hpp"
#include "tools/pier/console/console.hpp"
#include "tools/pier/doctor.hpp"
#include "tools/pier/events.hpp"
#include "tools/pier/flows.hpp"
#include "tools/pier/forwards.hpp"
#include "tools/pier/inspect.hpp"
#include "tools/pier/log.hpp"
#include "tools/pier/metrics.hpp"
#include "tools/pier/port.hpp"
#include "tools/pier/ps.hpp"
#include "tools/pier/publish.hpp"
#include "tools/pier/run.hpp"
#include "tools/pier/run_line.hpp"
#include "tools/pier/settings_command.hpp"
#include "tools/pier/stop.hpp"
#include "tools/pier/top/top.hpp"
#include "tools/pier/tree.hpp"
#include "tools/pier/version.hpp"
#include "tools/pier/why.hpp"

namespace pier::cli {

namespace {

/// What stands before the command.
struct front {
  std::string runtime_dir;
  bool help = false;
  bool version = false;
};

result<front> take_front(arguments& words) {
  front made;
  while (!words.empty() && words.front().starts_with("-")) {
    auto word = words.front();
    words.erase(words.begin());
    if (word == "-h" || word == "--help")
      made.help = true;
    else if (word == "-v" || word == "--version")
      made.version = true;
    else if (word == "--runtime-dir" && !words.empty()) {
      made.runtime_dir = words.front();
      words.erase(words.begin());
    } else if (word.starts_with("--runtime-dir="))
      made.runtime_dir = word.substr(word.find('=') + 1);
    else if (word == "--runtime-dir")
      return error{ec::bad_request, "--runtime-dir needs a directory"};
    else
      return error{
        ec::bad_request,
        "unknown option " + word + " before the command; see \"pier --help\""};
  }
  return made;
}

const command* find(std::string_view name) {
  for (const auto& each : commands())
    if (each.name == name)
      return &each;
  return nullptr;
}

} // namespace

const std::vector<command>& commands() {
  static const std::vector<command> all{
    {"run", "Run a command in a container", run_help, run},
    {"ps", "List containers", ps_help, ps},
    {"port", "List the published ports of a container", port_help, port},
    {"stop", "Stop containers", stop_help, stop},
    {"publish", "Publish a port of a running container", publish_help, publish},
    {"unpublish", "Take a published port back", unpublish_help, unpublish},
    {"attach", "Plug in the network namespace of another runtime", attach_help,
     attach},
    {"forwards", "List static forwards", forwards_help, forwards},
    {"inspect", "Show everything about a container", inspect_help, inspect},
    {"tree", "Show the live supervision tree", tree_help, tree},
    {"flows", "Show the connections that run", flows_help, flows},
    {"top", "Watch what moves: containers, ports, flows", top_help, top},
    {"events", "Show and follow what happens", events_help, events},
    {"metrics", "Print what was counted, for Prometheus", metrics_help,
     metrics},
    {"log", "Say how much is written to pierd's log", log_help, log},
    {"console", "Attach to a running pierd, to see, ask and break",
     console_help, console},
    {"why", "Say why a connection comes about, or not", why_help, why},
    {"audit", "Say whose everything is that the kernel has of Pier", audit_help,
     audit},
    {"capture", "Capture the packets of a container or a port", capture_help,
     capture},
    {"pause", "Take no new flows in, at a port or a container", pause_help,
     pause},
    {"resume", "Take new flows in again", resume_help, resume},
    {"drain", "Let the flows of a container or port run out", drain_help,
     drain},
    {"restart", "Restart an actor where it stands", restart_help, restart},
    {"kill", "Kill an actor, as a bug would", kill_help, kill},
    {"settings", "Check, show and compare settings", settings_help,
     settings_command},
    {"doctor", "Say what this machine allows and how to mend it", doctor_help,
     doctor},
    {"version", "Show the version of pier and of pierd", version_help, version},
    {"fault", "Throw an exception in an actor, for tests", fault_help, fault},
  };
  return all;
}

std::string overview() {
  std::string text = R"(Pier: containers behind a supervised network

Usage:  pier [--runtime-dir DIR] COMMAND [ARGUMENT...]

  pier run -p 8000:80 python3 -m http.server 80
  pier ps
  pier tree

Commands:
)";
  for (const auto& each : commands()) {
    std::string name{each.name};
    name.resize(11, ' ');
    text += "  " + name + std::string{each.summary} + "\n";
  }
  return text + R"(
Options:
      --runtime-dir DIR   Where the control sockets are; also PIER_RUNTIME_DIR
                          (default: pier/ in XDG_RUNTIME_DIR, else /run/pier
                          for root and /tmp/pier-UID for others)
  -v, --version           Print the version
  -h, --help              Print this; "pier COMMAND --help" says more

No daemon is needed: "pier run" brings its own network along. Where pierd runs,
the commands speak to it.
)";
}

int perform(const surroundings& here, arguments words) {
  auto wants_help = words.front() == "help";
  if (wants_help)
    words.erase(words.begin());
  const auto* wanted = words.empty() ? nullptr : find(words.front());
  if (!wanted)
    return complain(
      {ec::bad_request,
       words.empty() ? "help of what? \"help COMMAND\" tells of one"
                     : "\"" + words.front()
           + "\" is not a command of pier; see "
             "\"pier --help\""});
  if (wants_help)
    return print(wanted->help) ? 0 : 1;
  words.erase(words.begin());
  return wanted->run(here, words);
}

int obey(arguments const& given, std::map<std::string, std::string> caller) {
  auto words = given;
  auto begun = take_front(words);
  if (!begun)
    return complain(begun.error());
  if (begun->version)
    return print("pier " PIER_VERSION "\n") ? 0 : 1;
  auto wants_help = begun->help || (!words.empty() && words.front() == "help");
  if (begun->help)
    words.insert(words.begin(), "help");
  if (words.empty() || words == arguments{"help"}) {
    if (wants_help)
      return print(overview()) ? 0 : 1;
    return complain(
      {ec::bad_request,
       "what shall be done? \"pier --help\" lists the "
       "commands"});
  }
  surroundings here;
  here.environment = std::move(caller);
  here.runtime_dir = control::choose_runtime_dir(
    control::look_around(std::move(begun->runtime_dir)));
  return perform(here, std::move(words));
}

} // namespace pier::cli
