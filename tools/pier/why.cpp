#include "tools/pier/why.hpp"

#include "tools/pier/peers.hpp"
#include "tools/pier/table.hpp"

#include <array>
#include <cstdio>

namespace pier::cli {

const std::string_view why_help = R"(Say why a connection comes about, or not

Usage:  pier why [OPTIONS] CONTAINER URL|HOST:PORT
        pier why [OPTIONS] PORT

Examples:
  pier why web https://example.com/
  pier why web host.iechor.internal:5432
  pier why 8000
  pier why 127.0.0.1:53/udp

Options:
      --json     As JSON

Of a container: who answers for the name and by which setting, which rule lets
it out or does not, where it is led, by which device and address of this machine,
and what a connection from here came to. That is a real one, closed at once: the
far side sees a client that comes and goes. What is not seen is what others in
between do to longer ones. Only TCP is tried.

Of a port of this machine: who has it, whether anything listens behind it, and
how its last ten clients ended.

The exit status is 0 where nothing is in the way, and 1 where something is.
)";

namespace {

constexpr auto patience = std::chrono::seconds{90};

/// "1.234 ms", to the right.
std::string time_of(uint64_t microseconds) {
  std::array<char, 32> text{};
  std::snprintf(
    text.data(), text.size(), "%9.3f ms",
    static_cast<double>(microseconds) / 1000);
  return text.data();
}

result<explanation> ask(control::client& whom, const control::request& what) {
  return control::call_for<explanation>(whom, what, patience);
}

/// Of a port: whoever has it knows; else they all say the same.
result<explanation>
ask_of_port(std::vector<peer>& peers, const control::request& what) {
  result<explanation> out = error{
    ec::no_such_container,
    "nothing runs here: start something with \"pier run\", or pierd"};
  for (auto& each : peers) {
    auto said = ask(*each.line, what);
    auto theirs = said
      && (said->cause == "held_by_another" || said->cause == "not_published");
    if (said && !theirs)
      return said;
    if (!out)
      out = std::move(said);
  }
  return out;
}

} // namespace

std::string draw_explanation(const explanation& what) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& each : what.steps)
    rows.push_back(
      {each.good ? "ok" : "NO", each.what, time_of(each.microseconds),
       each.detail});
  return draw_table(rows) + "\n" + printable(what.text) + "\n";
}

int why(const surroundings& here, const arguments& given) {
  options line{"pier why"};
  std::string first, second;
  auto as_json = false;
  line.app().add_option("CONTAINER", first)->required();
  line.app().add_option("DESTINATION", second);
  line.app().add_flag("--json", as_json);
  if (auto over = begin(line, why_help, given); over >= 0)
    return over;
  boost::asio::io_context io{1};
  auto peers = find_peers(io, here);
  control::request what;
  what.what = control::verb::why;
  result<explanation> said = error{};
  if (second.empty()) {
    what.to = first;
    said = ask_of_port(peers, what);
  } else {
    auto it = find_container(peers, first);
    if (!it)
      return complain(it.error());
    what.name = first;
    what.to = second;
    said = ask(*it->where->line, what);
  }
  if (!said)
    return complain(said.error());
  print(
    as_json ? control::pretty(control::to_json(*said))
            : draw_explanation(*said));
  return said->cause == "ok" ? 0 : 1;
}

} // namespace pier::cli
