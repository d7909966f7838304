#include "tools/pier/tree.hpp"

#include "tools/pier/draw_tree.hpp"
#include "tools/pier/peers.hpp"

#include <unistd.h>

#include <cstdlib>
#include <limits>

namespace pier::cli {

const std::string_view tree_help = R"(Show the live supervision tree

Usage:  pier tree [OPTIONS]

Examples:
  pier tree
  watch -n1 pier tree

Options:
      --all      Every leaf, also where there are hundreds of one kind
      --json     As JSON, one element for each supervisor

Every line is an actor: its name, its kind, how it is, how often its supervisor
had to restart it, and what it says of itself. Below it is what falls with it.
Colours are for terminals, and not where NO_COLOR is set.
)";

const std::string_view fault_help = R"(Throw an exception in an actor, for tests

Usage:  pier fault PATH

Examples:
  pier fault root
  pier fault gateway
  pier fault containers/web/sessions
  pier tree        shows who restarted it
)";

namespace {

struct grown {
  peer* where;
  peer_facts facts;
  health root;
};

std::string heading(const grown& one) {
  auto text = one.facts.program + ", process " + std::to_string(one.facts.pid);
  return one.where->path.starts_with('/') ? text
                                          : one.where->path + ": " + text;
}

} // namespace

int tree(const surroundings& here, const arguments& given) {
  options line{"pier tree"};
  auto everything = false, as_json = false;
  line.app().add_flag("--all", everything);
  line.app().add_flag("--json", as_json);
  if (auto over = begin(line, tree_help, given); over >= 0)
    return over;
  boost::asio::io_context io{1};
  auto peers = find_peers(io, here);
  std::vector<grown> all;
  auto status = 0;
  for (auto& each : peers) {
    control::request what;
    what.what = control::verb::tree;
    auto root = control::call_for<health>(*each.line, what);
    auto facts = ask_facts(each);
    if (root && facts)
      all.push_back({&each, std::move(*facts), std::move(*root)});
    else
      status = complain(root ? facts.error() : root.error());
  }
  if (as_json) {
    control::json::array array;
    for (const auto& one : all)
      array.push_back(control::json::object{
        {"program", one.facts.program},
        {"pid", one.facts.pid},
        {"root", control::to_json(one.root)}});
    print(control::pretty(array));
    return status;
  }
  if (peers.empty())
    return complain(
      {ec::no_such_container,
       "nothing runs here: start something with \"pier run\", or pierd"});
  tree_style how;
  how.colour = ::isatty(STDOUT_FILENO) && !::getenv("NO_COLOR");
  if (everything)
    how.fold = std::numeric_limits<size_t>::max() / 2;
  for (const auto& one : all) {
    if (all.size() > 1)
      print((&one == &all.front() ? "" : "\n") + heading(one) + "\n");
    print(draw_tree(one.root, how));
  }
  return status;
}

int fault(const surroundings& here, const arguments& given) {
  options line{"pier fault"};
  std::string path;
  line.app().add_option("PATH", path)->required();
  if (auto over = begin(line, fault_help, given); over >= 0)
    return over;
  boost::asio::io_context io{1};
  auto peers = find_peers(io, here);
  error why{ec::no_such_container, "nothing runs here that could fail"};
  for (auto& each : peers) {
    control::request what;
    what.what = control::verb::fault;
    // The tree draws the root, and paths begin below it.
    what.name = path.starts_with("root/") ? path.substr(5) : path;
    auto done = each.line->call(what);
    if (done)
      return 0;
    why = done.error();
  }
  return complain(why);
}

} // namespace pier::cli
