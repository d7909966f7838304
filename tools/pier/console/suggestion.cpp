#include "tools/pier/console/suggestion.hpp"

#include "tools/pier/console/dialogue.hpp"
#include "tools/pier/console/node_client.hpp"
#include "tools/pier/console/script.hpp"

#include <set>

namespace pier::cli {

namespace {

constexpr std::chrono::seconds patience{1};

void walk(
  const health& from, const std::string& front, std::vector<std::string>& to) {
  for (const auto& each : from.children) {
    to.push_back(front + each.name);
    walk(each, front + each.name + "/", to);
  }
}

/// About a container by its name; the others may be about an actor, too.
bool is_about_containers(const std::string& verb) {
  static const std::set<std::string> all{"port",      "stop",  "publish",
                                         "unpublish", "flows", "inspect"};
  return all.contains(verb);
}

template <class T>
T told_by(
  boost::asio::io_context& io, nodes& all, const node& whom,
  control::verb what) {
  auto line = make_node_client(io, all, whom);
  control::request asked;
  asked.what = what;
  auto said = line->call(asked, patience);
  T made;
  return said && control::read(*said, made) ? made : T{};
}

} // namespace

std::vector<std::string> paths_of(const health& root) {
  std::vector<std::string> all{"root"};
  walk(root, "", all);
  return all;
}

std::vector<std::string>
suggest(const std::string& before, const known_names& known) {
  // The word itself is not there yet: it is the next one of the last command.
  auto said = parse_script(before + " _");
  if (!said || said->empty())
    return {};
  const auto& now = said->back();
  if (now.words.size() == 1) {
    auto all = known.verbs;
    if (now.node.empty())
      for (const auto& each : known.nodes)
        all.push_back(each + ":");
    return all;
  }
  const auto& verb = now.words.front();
  if (verb == "help")
    return known.verbs;
  if (verb == "use")
    return known.nodes;
  if (verb == "settings")
    return {"check",    "diff",   "history", "reload",
            "rollback", "schema", "show",    "status"};
  if (verb == "log" && now.words.size() == 2)
    return {"debug", "default", "error", "info", "off", "trace", "warn"};
  auto all = known.containers;
  if (!is_about_containers(verb))
    all.insert(all.end(), known.paths.begin(), known.paths.end());
  return all;
}

std::vector<std::string>
suggest(nodes& all, const std::string& before, const std::string&) {
  known_names known;
  known.verbs = dialogue::verbs();
  for (const auto& each : all.all())
    known.nodes.push_back(each.name);
  boost::asio::io_context io{1};
  for (const auto& each : all.chosen()) {
    auto some = told_by<std::vector<container_info>>(
      io, all, each, control::verb::list);
    for (const auto& info : some)
      known.containers.push_back(info.name);
    auto paths = paths_of(told_by<health>(io, all, each, control::verb::tree));
    known.paths.insert(known.paths.end(), paths.begin(), paths.end());
  }
  return suggest(before, known);
}

} // namespace pier::cli
