#include "tools/pier/port.hpp"

#include "config/publish_grammar.hpp"
#include "tools/pier/peers.hpp"
#include "tools/pier/ports_text.hpp"

namespace pier::cli {

const std::string_view port_help = R"(List the published ports of a container

Usage:  pier port [OPTIONS] NAME [PORT[/PROTOCOL]]

Examples:
  pier port web          80/tcp -> 0.0.0.0:8000
  pier port web 80       0.0.0.0:8000

Options:
      --json     As JSON
)";

namespace {

/// The published ports that `wanted` names.
result<std::vector<bound_port>>
choose(const container_info& info, const std::string& wanted) {
  auto spec = config::parse_expose(wanted);
  if (!spec)
    return spec.error();
  std::vector<bound_port> chosen;
  for (const auto& port : info.ports)
    if (
      port.proto == spec->proto && port.container >= spec->container.first
      && port.container <= spec->container.last)
      chosen.push_back(port);
  if (chosen.empty())
    return error{
      ec::no_such_port,
      "no public port \"" + wanted + "\" published for " + info.name
        + "; \"pier port " + info.name + "\" lists those that are"};
  return chosen;
}

} // namespace

result<std::string>
port_answer(const container_info& info, const std::string& wanted) {
  if (wanted.empty())
    return port_lines(info.ports);
  auto chosen = choose(info, wanted);
  if (!chosen)
    return chosen.error();
  std::string text;
  for (const auto& each : *chosen)
    text += to_string(each.host) + "\n";
  return text;
}

int port(const surroundings& here, const arguments& given) {
  options line{"pier port"};
  std::string name, wanted;
  auto as_json = false;
  line.app().add_option("NAME", name)->required();
  line.app().add_option("PORT", wanted);
  line.app().add_flag("--json", as_json);
  if (auto over = begin(line, port_help, given); over >= 0)
    return over;
  boost::asio::io_context io{1};
  auto peers = find_peers(io, here);
  auto it = find_container(peers, name);
  if (!it)
    return complain(it.error());
  if (as_json) {
    auto ports = wanted.empty() ? it->info.ports : choose(it->info, wanted);
    if (!ports)
      return complain(ports.error());
    return print(control::pretty(control::to_json(*ports))) ? 0 : 1;
  }
  auto text = port_answer(it->info, wanted);
  if (!text)
    return complain(text.error());
  return print(*text) ? 0 : 1;
}

} // namespace pier::cli
