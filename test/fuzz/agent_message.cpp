/// What a container says to the SSH agent, and what an agent answers.

#include "net/agent/wire.hpp"
#include "test/fuzz/target.hpp"

using namespace pier;
using fuzz::must;

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  net::agent_view all{data, size};
  if (auto whole = net::agent_message_size(all))
    must(
      *whole == 0 || *whole > net::agent_head,
      "a message is more than its length");
  auto asked = net::read_agent_request(all);
  must(!asked.text.empty(), "a request can be told");
  must(
    asked.key.empty() == (asked.what != agent_request::kind::sign),
    "a key is asked for to sign, and for nothing else");
  auto kept = net::keep_keys(all, {"SHA256:none"});
  if (!kept || *kept == net::agent_bytes{all.begin(), all.end()})
    return 0;
  must(
    *kept == net::agent_bytes({0, 0, 0, 5, 12, 0, 0, 0, 0}),
    "no key is kept that is not meant");
  return 0;
}
