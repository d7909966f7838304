#include "tools/pier/by_hand.hpp"

#include "tools/control/fields.hpp"
#include "tools/pier/peers.hpp"

namespace pier::cli {

const std::string_view kill_help = R"(Kill an actor, as a bug would

Usage:  pier kill [OPTIONS] PATH

Examples:
  pier kill containers/web/sessions/tcp-12 --reason "it hangs"
  pier kill gateway

Options:
      --reason TEXT   Why; it stands in "pier events"
      --json          As JSON

PATH is one of "pier tree", or the name of a container. A session's connection
ends by RST; everybody else is born again where he stood, after a pause that
grows, and counts as having failed.
)";

const std::string_view restart_help = R"(Restart an actor where it stands

Usage:  pier restart [OPTIONS] PATH

Examples:
  pier restart "containers/web/port 8000:80"
  pier restart web --reason "after the upgrade"

Options:
      --reason TEXT   Why; it stands in "pier events"
      --json          As JSON

PATH is one of "pier tree", the name of a container, or a port of this machine.
It is answered when the actor is there again, which counts as no failure. What
falls with it falls: of a container its connections, but not its command; of a
port nothing, since clients wait meanwhile.
)";

const std::string_view drain_help
  = R"(Let the flows of a container, port or forward run out

Usage:  pier drain [OPTIONS] PATH

Examples:
  pier drain web && pier stop web
  pier drain 8000 --timeout 60
  pier drain "forwards/tcp://:8080"

Options:
      --timeout SECONDS   How long to wait (default: 30)
      --reason TEXT       Why; it stands in "pier events"
      --json              As JSON: how many flows are left

No new flow is taken in, as if by "pier pause". It is answered when the last one
has ended, with exit status 0; or, when the time is over, with the number of
those that are left and exit status 1. "pier resume" takes flows in again.
)";

const std::string_view pause_help = R"(Take no new flows in

Usage:  pier pause [OPTIONS] PORT|PATH

Examples:
  pier pause 8000
  pier pause 127.0.0.1:53/udp --reason "resolver is being moved"
  pier pause web

Options:
      --reason TEXT   Why; it stands in "pier events"
      --json          As JSON

PORT is one of this machine, as "pier port" prints it, and stands for all ports
of its -p. New clients are refused, as by a port that nobody listens on, and
connections that run go on; conversations over UDP rest, too. Of a container all
ports are paused, and what it begins itself is refused. It holds until
"pier resume", or until the port is gone; no restart of an actor ends it.
)";

const std::string_view resume_help = R"(Take new flows in again

Usage:  pier resume [OPTIONS] PORT|PATH

Examples:
  pier resume 8000
  pier resume web

Options:
      --reason TEXT   Why; it stands in "pier events"
      --json          As JSON

It ends what "pier pause" and "pier drain" have begun.
)";

namespace {

using control::json::value;

/// The first who knows the path obeys; of those who do not the most telling
/// refusal is shown.
result<uint64_t> tell(const surroundings& here, const act& what) {
  boost::asio::io_context io{1};
  auto peers = find_peers(io, here);
  error why{ec::no_such_container, "nothing runs here that could be told to"};
  for (auto& each : peers) {
    control::request asked;
    asked.what = control::verb::obey;
    asked.deed = what;
    auto patience = std::chrono::duration_cast<std::chrono::seconds>(
      what.patience + std::chrono::seconds{15});
    auto said = each.line->call(std::move(asked), patience);
    uint64_t left = 0;
    if (said && control::fields{*said}.need("left", left).ok())
      return left;
    if (
      !said
      && (why.code == ec::no_such_container || said.error().code != ec::bad_request))
      why = said.error();
  }
  return why;
}

std::string report(const act& what, uint64_t left) {
  if (what.what != act::kind::drain)
    return what.path + "\n";
  if (left == 0)
    return what.path + ": no flow is left\n";
  return what.path + ": " + std::to_string(left)
    + (left == 1 ? " flow is left\n" : " flows are left\n");
}

int do_by_hand(
  const surroundings& here, const arguments& given, act::kind kind,
  std::string_view help) {
  options line{"pier " + std::string{to_string(kind)}};
  act what;
  what.what = kind;
  auto as_json = false;
  unsigned seconds = 30;
  line.app().add_option("PATH", what.path)->required();
  line.app().add_option("--reason", what.reason);
  line.app().add_flag("--json", as_json);
  if (kind == act::kind::drain)
    line.app().add_option("--timeout", seconds)->check(CLI::Range(0U, 86'400U));
  if (auto over = begin(line, help, given); over >= 0)
    return over;
  if (kind == act::kind::drain)
    what.patience = std::chrono::seconds{seconds};
  return carry_out(here, what, as_json);
}

} // namespace

int carry_out(const surroundings& here, const act& what, bool as_json) {
  auto left = tell(here, what);
  if (!left)
    return complain(left.error());
  auto text = as_json
    ? control::pretty(control::json::object{
      {"did", to_string(what.what)}, {"path", what.path}, {"left", *left}})
    : report(what, *left);
  return print(text) && *left == 0 ? 0 : 1;
}

int kill(const surroundings& here, const arguments& given) {
  return do_by_hand(here, given, act::kind::kill, kill_help);
}

int restart(const surroundings& here, const arguments& given) {
  return do_by_hand(here, given, act::kind::restart, restart_help);
}

int drain(const surroundings& here, const arguments& given) {
  return do_by_hand(here, given, act::kind::drain, drain_help);
}

int pause(const surroundings& here, const arguments& given) {
  return do_by_hand(here, given, act::kind::pause, pause_help);
}

int resume(const surroundings& here, const arguments& given) {
  return do_by_hand(here, given, act::kind::resume, resume_help);
}

} // namespace pier::cli
