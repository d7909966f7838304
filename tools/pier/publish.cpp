#include "tools/pier/publish.hpp"

#include "config/publish_grammar.hpp"
#include "tools/pier/peers.hpp"
#include "tools/pier/ports_text.hpp"

namespace pier::cli {

const std::string_view publish_help = R"(Publish a port of a running container

Usage:  pier publish [OPTIONS] NAME [[IP:]HOST:]PORT[/PROTOCOL][,WORD…]

Examples:
  pier publish web 8443:443
  pier publish dns 127.0.0.1:5353:53/udp,source=preserve

Options:
      --json     As JSON

Words: source=preserve shows the container each client's own address, and
proxy_protocol=v2 tells it in a header. Without, [ports] of the settings counts.

Prints what was bound, as "pier port" does.
)";

const std::string_view unpublish_help = R"(Take a published port back

Usage:  pier unpublish NAME [[IP:]HOST:]PORT[/PROTOCOL]

Examples:
  pier unpublish web 8443:443

Write it as it was published; words behind a comma may be left out. New clients
are refused at once; connections that are there live on.
)";

namespace {

using control::verb;

/// Reads NAME SPEC and asks the container's supervisor.
result<control::json::value> ask(
  const surroundings& here, verb what, const std::string& name,
  const std::string& spec) {
  control::request asked;
  asked.what = what;
  asked.name = name;
  auto port = config::parse_publish(spec);
  if (!port)
    return port.error();
  asked.port = *port;
  boost::asio::io_context io{1};
  auto peers = find_peers(io, here);
  auto it = find_container(peers, name);
  if (!it)
    return it.error();
  return it->where->line->call(asked);
}

} // namespace

int publish(const surroundings& here, const arguments& given) {
  options line{"pier publish"};
  std::string name, spec;
  auto as_json = false;
  line.app().add_option("NAME", name)->required();
  line.app().add_option("SPEC", spec)->required();
  line.app().add_flag("--json", as_json);
  if (auto over = begin(line, publish_help, given); over >= 0)
    return over;
  auto done = ask(here, verb::publish, name, spec);
  if (!done)
    return complain(done.error());
  std::vector<bound_port> ports;
  if (as_json)
    print(control::pretty(*done));
  else if (control::read(*done, ports))
    print(port_lines(ports));
  return 0;
}

int unpublish(const surroundings& here, const arguments& given) {
  options line{"pier unpublish"};
  std::string name, spec;
  line.app().add_option("NAME", name)->required();
  line.app().add_option("SPEC", spec)->required();
  if (auto over = begin(line, unpublish_help, given); over >= 0)
    return over;
  auto done = ask(here, verb::unpublish, name, spec);
  return done ? 0 : complain(done.error());
}

} // namespace pier::cli
