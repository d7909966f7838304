#include "tools/pier/console/console.hpp"

#include "tools/control/runtime_dir.hpp"
#include "tools/pier/console/clients.hpp"
#include "tools/pier/console/dialogue.hpp"
#include "tools/pier/console/prompt.hpp"
#include "tools/pier/console/remote_way.hpp"
#include "tools/pier/console/suggestion.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <vector>

namespace pier::cli {

const std::string_view console_help =
  R"(Attach to a running pierd, to see, ask and break

Usage:  pier console [OPTIONS]
        pier console add-client | revoke | clients ...

Examples:
  pier console                                 a prompt; "help" says what it knows
  pier console -c "tree; flows web"
  pier console --json -c ps
  pier console --node lab:4711 --as ann.pem    pierd of another machine
  pier console add-client ann -o ann.pem       lets one in there

Options:
  -c, --command TEXT     Do this, and end; ";" stands between commands
      --json             Answers as JSON
      --node HOST:PORT   Of another machine; several of them side by side
      --as FILE          The bundle that lets us in there; one for all, or one
                         for each

Whoever may attach is an operator, who may do everything; what is done is in the
event log with his name. Without a terminal, commands are read line by line.
)";

namespace {

/// The daemon of this machine, as others know it.
std::string own_name() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  return name.data();
}

result<net::fd> knock(const std::string& path) {
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  if (auto fits = control::check_socket_path(path); !fits)
    return fits.error();
  std::memcpy(at.sun_path, path.data(), path.size());
  net::fd made{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  if (
    !made
    || ::connect(made.get(), reinterpret_cast<sockaddr*>(&at), sizeof(at)) != 0)
    return error{
      from_errno(errno),
      "no pierd lets consoles in at " + path + " (" + std::strerror(errno)
        + "); start one with \"pierd\""};
  ::fcntl(made.get(), F_SETFL, O_NONBLOCK);
  return made;
}

int converse(dialogue& with, nodes& all) {
  all.interactive = true;
  prompt at{[&all](const std::string& before, const std::string& word) {
    return suggest(all, before, word);
  }};
  while (!with.over()) {
    auto line = at.read(all.title() + "> ");
    if (!line) {
      print("\n");
      break;
    }
    with.obey(*line);
  }
  return 0;
}

int read_lines(dialogue& with) {
  auto status = 0;
  for (std::string line; !with.over() && std::getline(std::cin, line);)
    if (auto done = with.obey(line); done != 0)
      status = done;
  return status;
}

/// Where to attach, and as whom.
struct wanted {
  std::vector<std::string> places;
  std::vector<std::string> bundles;
};

/// Outlive the nodes that they lead to.
using ways = std::vector<std::unique_ptr<remote_way>>;

result<void> attach_there(nodes& all, ways& open, const wanted& what) {
  if (what.bundles.size() != 1 && what.bundles.size() != what.places.size())
    return error{
      ec::bad_request,
      "each --node wants a bundle: one --as for all, or one for each"};
  for (size_t i = 0; i < what.places.size(); ++i) {
    const auto& place = what.places[i];
    const auto& file = what.bundles[what.bundles.size() == 1 ? 0 : i];
    std::ifstream bundle{file};
    if (!bundle)
      return error{
        from_errno(errno),
        "cannot read the bundle " + file + ": " + std::strerror(errno)};
    auto way = remote_way::open(
      place, {std::istreambuf_iterator<char>{bundle}, {}});
    if (!way)
      return way.error();
    if (auto done = all.attach(place, (*way)->take_socket(), true); !done)
      return error{
        done.error().code,
        done.error().text + "; the bundle may have been revoked"};
    open.push_back(std::move(*way));
  }
  return {};
}

result<void> attach_here(nodes& all, const surroundings& here) {
  auto socket = knock(control::console_socket(here.runtime_dir));
  if (!socket)
    return socket.error();
  return all.attach(own_name(), std::move(*socket));
}

} // namespace

int console(const surroundings& here, const arguments& given) {
  if (auto done = console_clients(given))
    return *done;
  options line{"pier console"};
  std::string script;
  wanted what;
  auto as_json = false;
  line.app().add_option("-c,--command", script);
  line.app().add_option("--node", what.places)->allow_extra_args(false);
  line.app().add_option("--as", what.bundles)->allow_extra_args(false);
  line.app().add_flag("--json", as_json);
  if (auto over = begin(line, console_help, given); over >= 0)
    return over;
  ways open;
  nodes all;
  auto attached = what.places.empty() ? attach_here(all, here)
                                      : attach_there(all, open, what);
  if (!attached)
    return complain(attached.error());
  dialogue with{here, all, as_json};
  if (line.app().count("--command") > 0)
    return with.obey(script);
  return ::isatty(STDIN_FILENO) != 0 ? converse(with, all) : read_lines(with);
}

} // namespace pier::cli
