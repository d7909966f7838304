#include "tools/pier/version.hpp"

#include "tools/pier/peers.hpp"

namespace pier::cli {

const std::string_view version_help = R"(Show the version of pier and of pierd

Usage:  pier version [OPTIONS]

Examples:
  pier version
  pier --version     this program's only

Options:
      --json     As JSON
)";

int version(const surroundings& here, const arguments& given) {
  options line{"pier version"};
  auto as_json = false;
  line.app().add_flag("--json", as_json);
  if (auto over = begin(line, version_help, given); over >= 0)
    return over;
  boost::asio::io_context io{1};
  auto peers = find_peers(io, here);
  std::string text = "pier " PIER_VERSION "\n";
  control::json::array running;
  for (auto& each : peers) {
    auto facts = ask_facts(each);
    if (!facts)
      continue;
    text += facts->program + " " + facts->version + ", process "
      + std::to_string(facts->pid) + ", " + each.path + "\n";
    running.push_back(control::json::object{
      {"program", facts->program},
      {"version", facts->version},
      {"pid", facts->pid},
      {"socket", each.path}});
  }
  if (as_json)
    text = control::pretty(control::json::object{
      {"version", PIER_VERSION}, {"running", std::move(running)}});
  return print(text) ? 0 : 1;
}

} // namespace pier::cli
