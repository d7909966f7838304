#include "tools/pier/flows.hpp"

#include "tools/pier/peers.hpp"
#include "tools/pier/table.hpp"

#include <algorithm>
#include <tuple>

namespace pier::cli {

const std::string_view flows_help = R"(Show the connections that run

Usage:  pier flows [OPTIONS] [NAME]

Examples:
  pier flows
  pier flows web
  pier flows --json | python3 -c 'import json,sys; print(len(json.load(sys.stdin)))'

Options:
      --json     As JSON, with the path of each flow's actor

The newest come first. FROM began the flow, SENT and RECEIVED are the
container's. The RTTs are round trips as the kernel has measured them, from
here to the container and to its peer, of TCP. VIA is where this machine leads
it when that is not where the container meant to go, and NAME what the container
knows its destination by.
)";

namespace {

std::string text_of(const flow& of, const endpoint& at) {
  return of.proto == protocol::icmp ? to_string(at.ip) : to_string(at);
}

std::string via(const flow_info& of) {
  auto elsewhere = of.what.way == direction::outbound && of.to != of.what.peer
    && of.to != endpoint{};
  return elsewhere ? text_of(of.what, of.to) : std::string{};
}

std::string rtt_text(const std::optional<uint32_t>& microseconds) {
  return microseconds ? human_microseconds(*microseconds) : std::string{};
}

std::vector<std::string> row_of(const flow_info& of) {
  auto ends = ends_of(of);
  return {
    of.container,
    std::string{to_string(of.what.proto)},
    ends.from,
    ends.to,
    via(of),
    of.state,
    rtt_text(of.guest_rtt),
    rtt_text(of.peer_rtt),
    human_duration(static_cast<int64_t>(of.milliseconds / 1000)),
    human_size(of.bytes.sent),
    human_size(of.bytes.received),
    of.names.empty() ? std::string{} : of.names.front()};
}

} // namespace

flow_ends ends_of(const flow_info& of) {
  auto guest = text_of(of.what, of.what.guest);
  auto peer = text_of(of.what, of.what.peer);
  return of.what.way == direction::outbound ? flow_ends{guest, peer}
                                            : flow_ends{peer, guest};
}

std::string draw_flows(const std::vector<flow_info>& all) {
  std::vector<std::vector<std::string>> rows{
    {"CONTAINER", "PROTO", "FROM", "TO", "VIA", "STATE", "RTT GUEST",
     "RTT PEER", "AGE", "SENT", "RECEIVED", "NAME"}};
  for (const auto& each : all)
    rows.push_back(row_of(each));
  return draw_table(rows);
}

int flows(const surroundings& here, const arguments& given) {
  options line{"pier flows"};
  std::string name;
  auto as_json = false;
  line.app().add_option("NAME", name);
  line.app().add_flag("--json", as_json);
  if (auto over = begin(line, flows_help, given); over >= 0)
    return over;
  boost::asio::io_context io{1};
  auto peers = find_peers(io, here);
  if (!name.empty())
    if (auto it = find_container(peers, name); !it)
      return complain(it.error());
  std::vector<flow_info> all;
  auto status = 0;
  for (auto& each : peers) {
    control::request what;
    what.what = control::verb::flows;
    what.name = name;
    auto some = control::call_for<std::vector<flow_info>>(*each.line, what);
    if (some)
      all.insert(all.end(), some->begin(), some->end());
    else if (some.error().code != ec::no_such_container)
      status = complain(
        {some.error().code, each.path + ": " + some.error().text});
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return std::tie(a.milliseconds, a.path) < std::tie(b.milliseconds, b.path);
  });
  print(as_json ? control::pretty(control::to_json(all)) : draw_flows(all));
  return status;
}

} // namespace pier::cli
