#include "tools/pier/capture/capture.hpp"

#include "tools/pier/capture/filter.hpp"
#include "tools/pier/capture/recorder.hpp"
#include "tools/pier/console/nodes.hpp"
#include "tools/pier/peers.hpp"
#include "tools/pier/table.hpp"

#include <boost/asio/signal_set.hpp>

#include <algorithm>
#include <csignal>
#include <cstdio>

namespace pier::cli {

const std::string_view capture_help
  = R"(Capture the packets of a container, or of a port

Usage:  pier capture [OPTIONS] CONTAINER|PORT

Examples:
  pier capture web -o web.pcapng
  pier capture web | tcpdump -n -r -
  pier capture web --filter 'tcp port 443 and tcp[tcpflags] & tcp-rst != 0'
  pier capture 8000 --seconds 10 -o - | wireshark -k -i -

Options:
  -o, --output FILE   Where to (default: -, which is stdout, if that is no
                      terminal)
      --filter BPF    Only what this lets in; man pcap-filter has the language
  -c, --count N       End after N packets
      --seconds S     End after S seconds
  -s, --snaplen N     Of each packet at most N bytes (default: 262144)
      --json          What came of it as JSON, on stdout where that is not the
                      output

Of a container: what goes over its link, also from and to other containers, and
nobody else's. Of a PORT of this machine, as "pier port" prints it: what goes
between the gateway and the container for it; the connections of clients to this
machine are others. "In" is what comes to the container. Large packets are seen
as the kernel carries them here, joined and with checksums still to be filled
in.

It ends with Ctrl-C, with its container, or when it is killed ("pier tree" has
it as capture-N); then it says how many packets were captured, and how many were
dropped because they were not read in time. It holds nobody back.
)";

namespace {

namespace asio = boost::asio;

struct wanted {
  std::string what;
  std::string to = "-";
  std::string filter;
  uint64_t count = 0;
  unsigned seconds = 0;
  uint32_t snaplen = 262'144;
  bool as_json = false;
};

/// What a supervisor has given us leave for.
struct begun {
  capture_grant leave;
  net::fd packets;
  net::fd line;
};

/// Sockets are handed over on one machine only: a console's own pierd is asked
/// directly, as if there were no console.
result<surroundings> stay_here(const surroundings& here) {
  auto out = here;
  if (here.attached == nullptr)
    return out;
  auto all = here.attached->chosen();
  auto is_far = [](const node& each) { return each.far; };
  if (auto far = std::find_if(all.begin(), all.end(), is_far); far != all.end())
    return error{
      ec::not_supported,
      far->name
        + " is another machine, and packets are handed over on their own only: "
          "run \"pier capture\" there, by ssh"};
  out.attached = nullptr;
  return out;
}

/// The first one who has it; of those who have not, the most telling refusal.
result<begun> ask(const surroundings& here, const std::string& what) {
  asio::io_context io{1};
  auto peers = find_peers(io, here);
  error why = no_such_container(what);
  for (auto& each : peers) {
    control::request asked;
    asked.what = control::verb::capture;
    asked.name = what;
    auto leave = control::call_for<capture_grant>(*each.line, asked);
    auto ends = each.line->take_descriptors(2);
    if (leave && ends.size() == 2)
      return begun{std::move(*leave), std::move(ends[0]), std::move(ends[1])};
    if (leave)
      return error{ec::exhausted, "no descriptor left for a capture"};
    if (why.code == ec::no_such_container)
      why = leave.error();
  }
  return why;
}

std::string front_of(const begun& of, const wanted& how) {
  net::capture_front out;
  out.comment = of.leave.text;
  out.program = "pier " PIER_VERSION;
  out.link = of.leave.link;
  out.description = "container " + of.leave.container
    + "; inbound is what comes to it";
  out.filter = both_filters(of.leave.filter, how.filter);
  out.snaplen = how.snaplen;
  return net::pcapng_front(out);
}

void say(const std::string& sentence) {
  std::fputs((sentence + "\n").c_str(), stderr);
}

void report(
  const wanted& how, const error& end, uint64_t captured, uint64_t dropped) {
  if (!how.as_json)
    return say(
      std::to_string(captured) + " packets captured, " + std::to_string(dropped)
      + " dropped");
  auto text = control::pretty(control::json::object{
    {"captured", captured},
    {"dropped", dropped},
    {"ended", end.code == ec::ok ? "as asked" : end.text}});
  if (how.to == "-")
    std::fputs(text.c_str(), stderr);
  else
    print(text);
}

int record(begun of, const wanted& how, output to, asio::io_context& io) {
  auto program = compile_filter(
    both_filters(of.leave.filter, how.filter), how.snaplen);
  if (!program)
    return complain(program.error());
  auto ring = net::packet_ring::open(std::move(of.packets), *program);
  if (!ring)
    return complain(ring.error());
  auto front = front_of(of, how);
  recorder all{
    io, std::move(*ring), std::move(of.line), std::move(to), how.count};
  error end{ec::ok, {}};
  say("capturing " + printable(of.leave.text) + "; Ctrl-C ends it");
  all.start(std::move(front), [&](const error& why) {
    end = why;
    io.stop();
  });
  asio::signal_set signals{io, SIGINT, SIGTERM, SIGHUP};
  std::function<void(const boost::system::error_code&, int)> heard =
    [&](const auto& stopped, int) {
      if (stopped)
        return;
      signals.async_wait(heard);
      all.end();
    };
  signals.async_wait(heard);
  asio::steady_timer deadline{io, std::chrono::seconds{how.seconds}};
  if (how.seconds != 0)
    deadline.async_wait([&](const auto& stopped) {
      if (!stopped)
        all.end();
    });
  io.restart();
  io.run();
  if (end.code == ec::stopped)
    say("it is over: " + printable(end.text));
  report(how, end, all.captured(), all.dropped());
  auto good = end.code == ec::ok || end.code == ec::stopped
    || end.code == ec::reset;
  return good ? 0 : complain(end);
}

} // namespace

int capture(const surroundings& here, const arguments& given) {
  options line{"pier capture"};
  wanted how;
  line.app().add_option("CONTAINER", how.what)->required();
  line.app().add_option("-o,--output", how.to);
  line.app().add_option("--filter", how.filter);
  line.app()
    .add_option("-c,--count", how.count)
    ->check(CLI::Range(uint64_t{1}, uint64_t{1} << 62));
  line.app()
    .add_option("--seconds", how.seconds)
    ->check(CLI::Range(1U, 31'536'000U));
  line.app()
    .add_option("-s,--snaplen", how.snaplen)
    ->check(CLI::Range(1U, 262'144U));
  line.app().add_flag("--json", how.as_json);
  if (auto over = begin(line, capture_help, given); over >= 0)
    return over;
  // Whatever can be wrong here is, before anybody is asked.
  if (auto good = compile_filter(how.filter, how.snaplen); !good)
    return complain(good.error());
  if (auto good = output::check(how.to); !good)
    return complain(good.error());
  auto there = stay_here(here);
  if (!there)
    return complain(there.error());
  auto of = ask(*there, how.what);
  if (!of)
    return complain(of.error());
  asio::io_context io{1};
  auto to = output::open(io, how.to);
  if (!to)
    return complain(to.error());
  return record(std::move(*of), how, std::move(*to), io);
}

} // namespace pier::cli
