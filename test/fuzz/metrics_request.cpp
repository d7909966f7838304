/// What comes to the metrics' door: Beast reads the head, we judge it.

#include "test/fuzz/target.hpp"
#include "tools/pierd/metrics_visit.hpp"

#include <boost/asio/buffer.hpp>

namespace http = boost::beast::http;
using namespace pier;
using fuzz::must;

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  http::request_parser<http::empty_body> parser;
  parser.header_limit(8 * 1024);
  parser.body_limit(0);
  boost::system::error_code why;
  parser.put(boost::asio::buffer(data, size), why);
  if (why || !parser.is_header_done())
    return 0;
  const auto& what = parser.get();
  auto host = what[http::field::host];
  if (auto no = daemon::judge_request(what))
    must(!no->text.empty(), "a refusal has a sentence");
  else
    must(
      host.empty() || daemon::is_loopback_host({host.data(), host.size()}),
      "whoever asks for another host has nothing");
  return 0;
}
