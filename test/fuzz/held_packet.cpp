/// A packet that a guest has sent and the gate holds.

#include "net/gateway/packet.hpp"
#include "test/fuzz/target.hpp"

using namespace pier;
using fuzz::must;

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto got = net::read_packet({data, size});
  if (!got)
    return 0;
  const auto& flow = got->what;
  must(flow.guest.ip.kind() == flow.peer.ip.kind(), "a flow has one family");
  must(got->echo_payload.size() < size, "a payload is part of its packet");
  must(
    flow.proto == protocol::icmp || got->echo_payload.empty(),
    "only an echo has a payload");
  must(!to_string(flow).empty(), "a flow can be shown");
  return 0;
}
