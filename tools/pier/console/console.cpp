#include "tools/pier/console/console.hpp"

#include "tools/control/runtime_dir.hpp"
#include "tools/pier/console/dialogue.hpp"
#include "tools/pier/console/prompt.hpp"
#include "tools/pier/console/suggestion.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <iostream>

namespace pier::cli {

const std::string_view console_help =
  R"(Attach to a running pierd, to see, ask and break

Usage:  pier console [OPTIONS]

Examples:
  pier console                                 a prompt; "help" says what it knows
  pier console -c "tree; flows web"
  pier console --json -c ps

Options:
  -c, --command TEXT   Do this, and end; ";" stands between commands
      --json           Answers as JSON

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

} // namespace

int console(const surroundings& here, const arguments& given) {
  options line{"pier console"};
  std::string script;
  auto as_json = false;
  line.app().add_option("-c,--command", script);
  line.app().add_flag("--json", as_json);
  if (auto over = begin(line, console_help, given); over >= 0)
    return over;
  auto socket = knock(control::console_socket(here.runtime_dir));
  if (!socket)
    return complain(socket.error());
  nodes all;
  if (auto done = all.attach(own_name(), std::move(*socket)); !done)
    return complain(done.error());
  dialogue with{here, all, as_json};
  if (line.app().count("--command") > 0)
    return with.obey(script);
  return ::isatty(STDIN_FILENO) != 0 ? converse(with, all) : read_lines(with);
}

} // namespace pier::cli
