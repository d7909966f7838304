/// The keeper's channel: the first byte says how many descriptors go along, the
/// rest is the datagram.

#include "net/gateway/keeper_channel.hpp"
#include "test/fuzz/target.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <vector>

using namespace pier;
using fuzz::must;

namespace {

template <class T>
void hand_over(int from, int to, fuzz::bytes what, size_t descriptors) {
  const std::vector<int> numbers(descriptors, from);
  // One that the kernel does not take has nothing to be read.
  if (!net::send_parcel(from, what.data(), what.size(), numbers))
    return;
  T read;
  std::vector<net::fd> got;
  auto size = net::receive_parcel(to, &read, sizeof(read), got);
  must(size == static_cast<ssize_t>(what.size()), "the size is the sender's");
  must(got.size() == descriptors, "every descriptor arrives");
  for (const auto& each : got)
    must(each.get() >= 0, "a descriptor is one");
}

} // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2)
    return 0;
  std::array<int, 2> ends{};
  if (
    ::socketpair(
      AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data())
    != 0)
    return 0;
  net::fd ours{ends[0]};
  net::fd theirs{ends[1]};
  const fuzz::bytes what{data + 1, size - 1};
  const auto descriptors = std::min<size_t>(data[0], net::most_descriptors);
  hand_over<net::keeper_request>(ours.get(), theirs.get(), what, descriptors);
  hand_over<net::keeper_reply>(theirs.get(), ours.get(), what, descriptors);
  return 0;
}
