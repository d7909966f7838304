#include "tools/pier/console/dialogue.hpp"

#include "tools/pier/commands.hpp"
#include "tools/pier/console/monitor.hpp"
#include "tools/pier/console/script.hpp"

#include <algorithm>

namespace pier::cli {

namespace {

constexpr std::string_view short_help
  = R"(Every command of pier works here: run -d, ps, port, stop, publish, tree, flows,
events, top, inspect, settings, ...; "help COMMAND" tells of one. Besides:

  monitor PATH...   Tell when actors die, and why
  nodes             The daemons that this console is attached to
  use [NODE]        Ask this one only, or all again; "NODE: COMMAND" asks it once
  quit              Leave, as Ctrl-D does; Ctrl-C ends a command

A ";" stands between commands, a "#" before a comment. Tab completes commands,
names and paths.
)";

/// They are about this machine, or would begin another console.
bool has_no_place_here(const std::string& verb) {
  return verb == "console" || verb == "doctor";
}

} // namespace

dialogue::dialogue(surroundings here, nodes& all, bool as_json)
  : here_(std::move(here)), all_(all), as_json_(as_json) {
  here_.attached = &all_;
}

std::vector<std::string> dialogue::verbs() {
  std::vector<std::string> all{"help", "monitor", "nodes", "quit", "use"};
  for (const auto& each : commands())
    if (std::string name{each.name}; !has_no_place_here(name))
      all.push_back(std::move(name));
  std::sort(all.begin(), all.end());
  return all;
}

int dialogue::obey(std::string_view line) {
  auto said = parse_script(line);
  if (!said)
    return complain(said.error());
  auto status = 0;
  for (auto& each : *said) {
    auto before = all_.choice();
    auto done = 1;
    if (each.node.empty() || all_.choose(each.node))
      done = perform(std::move(each.words));
    else
      complain(
        {ec::bad_request,
         "this console is attached to no node \"" + each.node
           + "\"; \"nodes\" lists them"});
    if (!each.node.empty())
      all_.choose(before);
    if (done != 0)
      status = done;
    if (over_)
      break;
  }
  return status;
}

int dialogue::perform(std::vector<std::string> words) {
  auto verb = words.front();
  if (verb == "quit" || verb == "exit") {
    over_ = true;
    return 0;
  }
  if (verb == "help" && words.size() == 1)
    return print(short_help) ? 0 : 1;
  if (verb == "help" && words[1] == "monitor")
    return print(monitor_help) ? 0 : 1;
  if (verb == "nodes")
    return list_nodes();
  if (verb == "use")
    return choose(words);
  if (verb == "monitor")
    return monitor(here_, {words.begin() + 1, words.end()});
  if (has_no_place_here(verb))
    return complain(
      {ec::bad_request, "\"" + verb + "\" has no place in a console"});
  if (as_json_ && verb != "help")
    words.emplace_back("--json");
  return cli::perform(here_, std::move(words));
}

int dialogue::choose(const std::vector<std::string>& words) {
  auto name = words.size() > 1 ? words[1] : std::string{};
  if (all_.choose(name))
    return 0;
  return complain(
    {ec::bad_request,
     "this console is attached to no node \"" + name
       + "\"; \"nodes\" lists them"});
}

int dialogue::list_nodes() const {
  std::string text;
  for (const auto& each : all_.all())
    text += (each.name == all_.choice() ? "* " : "  ") + each.name + "\n";
  return print(text) ? 0 : 1;
}

} // namespace pier::cli
