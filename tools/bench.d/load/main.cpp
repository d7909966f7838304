/// pier-load: both ends of what tools/bench measures.

#include "tools/bench.d/load/verbs.hpp"

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

namespace {

constexpr auto usage = R"(usage: pier-load [--via PROXY] VERB ADDRESS PORT …
  serve ADDRESS PORT[-PORT]               TCP and UDP
  serve-names ADDRESS PORT                DNS over UDP
  connect ADDRESS PORT SECONDS CLIENTS    connections a second
  pace ADDRESS PORT RATE                  so many connections a second
  bulk ADDRESS PORT SECONDS STREAMS       bits a second
  bulk-back ADDRESS PORT SECONDS STREAMS
  latency ADDRESS PORT SECONDS RATE       microseconds, 64 bytes
  handshakes ADDRESS PORT SECONDS RATE    microseconds, a connection each
  http ADDRESS PORT SECONDS CLIENTS       kept-alive requests a second
  hold ADDRESS PORT[-PORT] COUNT          idle connections
  udp ADDRESS PORT SECONDS SIZE RATE      datagrams a second; RATE 0: all
  names ADDRESS PORT SECONDS AT-ONCE      DNS questions a second
  wake SECONDS REST                       microseconds, a rested processor
PROXY, for what goes over TCP: socks5://ADDRESS:PORT or http://ADDRESS:PORT
)";

/// Takes the option away where it stands.
std::optional<load::proxy> take_proxy(std::vector<std::string>& words) {
  if (words.size() < 2 || words[0] != "--via")
    return {};
  auto out = load::parse_proxy(words[1]);
  words.erase(words.begin(), words.begin() + 2);
  return out;
}

double number_of(const std::string& word) {
  return std::strtod(word.c_str(), nullptr);
}

} // namespace

int main(int argc, char** argv) {
  (void)std::signal(SIGPIPE, SIG_IGN);
  std::vector<std::string> all{argv + 1, argv + argc};
  auto by = take_proxy(all);
  auto is = [&](const char* verb, size_t count) {
    return all.size() == count + 3 && all[0] == verb;
  };
  auto at = [&] {
    return load::parse(
      all[1], static_cast<unsigned>(std::strtoul(all[2].c_str(), nullptr, 10)));
  };
  auto route = [&] { return load::route{at(), by}; };
  auto number = [&](size_t i) { return number_of(all[i + 3]); };
  if (is("serve", 0))
    return load::serve(load::parse_range(all[1], all[2]));
  if (is("serve-names", 0))
    return load::serve_names(at());
  if (is("connect", 2))
    return load::connect_rate(route(), number(0), static_cast<int>(number(1)));
  if (is("pace", 1))
    return load::pace(route(), number(0));
  if (is("bulk", 2) || is("bulk-back", 2))
    return load::bulk_rate(
      route(), number(0), static_cast<int>(number(1)), all[0] == "bulk-back");
  if (is("latency", 2))
    return load::latency(route(), number(0), number(1));
  if (is("handshakes", 2))
    return load::handshakes(route(), number(0), number(1));
  if (is("http", 2))
    return load::request_rate(route(), number(0), static_cast<int>(number(1)));
  if (is("hold", 1)) {
    std::vector<load::route> routes;
    for (const auto& each : load::parse_range(all[1], all[2]))
      routes.push_back({each, by});
    return load::hold(routes, static_cast<size_t>(number(0)));
  }
  if (is("udp", 3))
    return load::datagram_rate(
      at(), number(0), static_cast<size_t>(number(1)), number(2));
  if (is("names", 2))
    return load::question_rate(at(), number(0), static_cast<size_t>(number(1)));
  if (all.size() == 3 && all[0] == "wake")
    return load::wake(
      number_of(all[1]),
      std::chrono::microseconds{static_cast<int64_t>(number_of(all[2]))});
  (void)std::fputs(usage, stderr);
  return 2;
}
