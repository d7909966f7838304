#include "tools/pier/inspect.hpp"

#include "tools/pier/peers.hpp"

namespace pier::cli {

const std::string_view inspect_help = R"(Show everything about a container

Usage:  pier inspect [OPTIONS] NAME

Examples:
  pier inspect web
  pier inspect web | python3 -c 'import json,sys; print(json.load(sys.stdin)["address"]["v4"])'

Options:
      --json     Accepted; the answer is JSON in any case
)";

int inspect(const surroundings& here, const arguments& given) {
  options line{"pier inspect"};
  std::string name;
  auto as_json = true;
  line.app().add_option("NAME", name)->required();
  line.app().add_flag("--json", as_json);
  if (auto over = begin(line, inspect_help, given); over >= 0)
    return over;
  boost::asio::io_context io{1};
  auto peers = find_peers(io, here);
  auto it = find_container(peers, name);
  if (!it)
    return complain(it.error());
  return print(control::pretty(control::to_json(it->info))) ? 0 : 1;
}

} // namespace pier::cli
