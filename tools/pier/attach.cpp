#include "tools/pier/attach.hpp"

#include "config/publish_grammar.hpp"
#include "tools/pier/run.hpp"

#include <algorithm>
#include <filesystem>

namespace pier::cli {

const std::string_view attach_help
  = R"(Plug the network namespace of another runtime into the gateway

Usage:  pier attach --netns PATH|PID [OPTIONS]

Examples:
  ip netns add lab && pier attach --netns /run/netns/lab -p 8000:80
  pier attach --netns 4711 --name db -p 5432:5432

Options:
      --netns PATH|PID    The namespace, or a process that is in it
      --name NAME         Name of the container (default: a random one)
  -p, --publish [[IP:]HOST:]PORT[/udp]
                          Publish a port
  -d, --detach            Leave it plugged in and print its name

It stays plugged in until Ctrl-C or "pier stop NAME"; then its network is taken
away, and its processes are left alone.
)";

result<attach_line>
parse_attach(const arguments& words, const std::string& cwd) {
  attach_line made;
  auto& netns = made.spec.netns;
  arguments publish;
  options line{"pier attach"};
  auto& app = line.app();
  app.add_option("--netns", netns);
  app.add_option("--name", made.spec.name);
  app.add_option("-p,--publish", publish)->allow_extra_args(false);
  app.add_flag("-d,--detach", made.detach);
  if (auto parsed = line.parse(words); !parsed)
    return parsed.error();
  made.help = line.help_wanted();
  if (made.help)
    return made;
  if (netns.empty())
    return error{
      ec::bad_request,
      "\"pier attach\" needs a network namespace: --netns "
      "PATH, or --netns PID"};
  auto number = std::all_of(netns.begin(), netns.end(), [](char each) {
    return each >= '0' && each <= '9';
  });
  if (!number && netns.front() != '/')
    netns = cwd + "/" + netns;
  for (const auto& word : publish) {
    auto port = config::parse_publish(word);
    if (!port)
      return port.error();
    made.spec.publish.push_back(*port);
  }
  return made;
}

int attach(const surroundings& here, const arguments& given) {
  std::error_code why;
  auto line = parse_attach(given, std::filesystem::current_path(why).string());
  if (!line)
    return complain(line.error(), our_failure);
  if (line->help)
    return print(attach_help) ? 0 : 1;
  return fulfil(here, {std::move(line->spec), line->detach});
}

} // namespace pier::cli
