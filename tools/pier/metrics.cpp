#include "tools/pier/metrics.hpp"

#include "tools/pier/peers.hpp"

namespace pier::cli {

const std::string_view metrics_help
  = R"(Print what was counted, in Prometheus' text format

Usage:  pier metrics [OPTIONS]

Examples:
  pier metrics
  pier metrics | grep '^pier_container_flows_total'

Options:
      --json     As one JSON string

Flows begun and open, bytes and refusals per container, published port and
forward; DNS questions by outcome, with their latency; restarts; the relays'
share of the processors; and what the process takes. A container's series go when
it goes. With [metrics] listen in the settings, pierd answers GET /metrics with
the same.
)";

int metrics(const surroundings& here, const arguments& given) {
  options line{"pier metrics"};
  auto as_json = false;
  line.app().add_flag("--json", as_json);
  if (auto over = begin(line, metrics_help, given); over >= 0)
    return over;
  boost::asio::io_context io{1};
  auto peers = find_peers(io, here);
  if (peers.empty())
    return complain(
      {ec::no_such_port,
       "nothing runs here that counts: start pierd, or \"pier run\""});
  // Two of them would tell one family twice, which Prometheus refuses.
  if (peers.size() > 1 && !peers.front().daemon)
    return complain(
      {ec::bad_request,
       "several \"pier run\" and no pierd are here, each with counts of its "
       "own: start pierd, whose containers are counted together"});
  control::request what;
  what.what = control::verb::metrics;
  auto text = control::call_for<std::string>(*peers.front().line, what);
  if (!text)
    return complain(text.error());
  return print(as_json ? control::pretty(control::json::value(*text)) : *text)
    ? 0
    : 1;
}

} // namespace pier::cli
