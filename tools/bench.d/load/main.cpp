/// pier-load: both ends of what tools/bench measures.

#include "tools/bench.d/load/verbs.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

constexpr auto usage = R"(usage: pier-load VERB ADDRESS PORT …
  serve ADDRESS PORT[-PORT]               TCP and UDP
  serve-names ADDRESS PORT                DNS over UDP
  connect ADDRESS PORT SECONDS CLIENTS    connections a second
  pace ADDRESS PORT RATE                  so many connections a second
  latency ADDRESS PORT SECONDS            microseconds, 64 bytes
  handshakes ADDRESS PORT SECONDS         microseconds, a connection each
  http ADDRESS PORT SECONDS CLIENTS       kept-alive requests a second
  hold ADDRESS PORT[-PORT] COUNT          idle connections
  udp ADDRESS PORT SECONDS SIZE RATE      datagrams a second; RATE 0: all
  names ADDRESS PORT SECONDS AT-ONCE      DNS questions a second
)";

} // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  std::vector<std::string> all{argv + 1, argv + argc};
  auto is = [&](const char* verb, size_t count) {
    return all.size() == count + 3 && all[0] == verb;
  };
  auto at = [&] {
    return load::parse(
      all[1], static_cast<unsigned>(std::strtoul(all[2].c_str(), nullptr, 10)));
  };
  auto number = [&](size_t i) { return std::atof(all[i + 3].c_str()); };
  if (is("serve", 0))
    return load::serve(load::parse_range(all[1], all[2]));
  if (is("serve-names", 0))
    return load::serve_names(at());
  if (is("connect", 2))
    return load::connect_rate(at(), number(0), static_cast<int>(number(1)));
  if (is("pace", 1))
    return load::pace(at(), number(0));
  if (is("latency", 1))
    return load::latency(at(), number(0));
  if (is("handshakes", 1))
    return load::handshakes(at(), number(0));
  if (is("http", 2))
    return load::request_rate(at(), number(0), static_cast<int>(number(1)));
  if (is("hold", 1))
    return load::hold(
      load::parse_range(all[1], all[2]), static_cast<size_t>(number(0)));
  if (is("udp", 3))
    return load::datagram_rate(
      at(), number(0), static_cast<size_t>(number(1)), number(2));
  if (is("names", 2))
    return load::question_rate(at(), number(0), static_cast<size_t>(number(1)));
  std::fputs(usage, stderr);
  return 2;
}
