/// What a client says to our HTTP proxy, and a server to it: whatever goes on
/// is read in one way only.

#include "net/http/request_head.hpp"
#include "net/http/response_head.hpp"
#include "test/fuzz/target.hpp"

#include <algorithm>

using namespace pier;
using fuzz::must;

namespace {

void check_request(std::string_view text) {
  auto read = net::read_request(text);
  if (!read) {
    must(read.error().status >= 400, "a refusal is a refusal");
    return;
  }
  must(!read->what.host.empty() && read->what.port != 0, "it leads somewhere");
  if (read->what.what == proxy_request::kind::connect)
    return;
  auto again = net::onward_request(*read, true, "Basic eA==");
  must(net::find_head_end(again) == again.size(), "one head goes on");
  must(net::fault_of_lines(again) == nullptr, "in good lines");
  auto next = net::read_request(again);
  // We add to it, and of those that there may be all were there: between the
  // first line and the empty one are more than 256.
  if (!next && std::count(again.begin(), again.end(), '\n') > 256 + 2)
    return;
  must(next.has_value(), "what goes on can be read");
  must(next->what == read->what, "it leads to where it led");
  must(next->facts.body == read->facts.body, "its body is as long");
  must(
    next->fields.count("Connection") == (read->facts.upgrade.empty() ? 0 : 1),
    "nothing for one hop goes on");
  auto origin = net::onward_request(*read, false, {});
  must(
    origin.find("Proxy-") == origin.npos || !next->fields.count("Proxy-Thing"),
    "nothing about proxies goes on");
}

void check_response(std::string_view text) {
  auto read = net::read_response(text, "GET");
  if (!read)
    return;
  auto as = net::onward_framing(*read, true);
  auto again = net::onward_response(*read, as, true, true);
  must(net::find_head_end(again) == again.size(), "one head goes on");
  auto next = net::read_response(again, "GET");
  must(next.has_value(), "what goes on can be read");
  must(next->facts.body == as, "its body ends where we say");
}

} // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto text = fuzz::text_of({data, size});
  auto end = net::find_head_end(text);
  auto head = text.substr(0, end == 0 ? text.size() : end);
  check_request(head);
  check_response(head);
  return 0;
}
