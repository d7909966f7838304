/// A pair of links goes when the namespace of either end does.

#include "net/link/netlink.hpp"
#include "test/platform/scenery.hpp"

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include <array>

using namespace pier;
using namespace pier::platform;

// Between a look and the removal it may go by itself: a stop then told of a
// link that it had left behind.
TEST_CASE("a link that is gone already has been removed") {
  NEEDS_A_NETWORK();
  auto here = net::netlink::open();
  REQUIRE(here.has_value());
  CHECK(here->remove("pier-none").has_value());
}

namespace {

/// What the kernel says of an attribute of the link; nothing: it does not know
/// it.
std::optional<uint32_t> told(unsigned link, uint16_t attribute) {
  auto route = mnl_socket_open(NETLINK_ROUTE);
  mnl_socket_bind(route, 0, MNL_SOCKET_AUTOPID);
  std::array<char, 32768> buffer{};
  auto header = mnl_nlmsg_put_header(buffer.data());
  header->nlmsg_type = RTM_GETLINK;
  header->nlmsg_flags = NLM_F_REQUEST;
  auto which = static_cast<ifinfomsg*>(
    mnl_nlmsg_put_extra_header(header, sizeof(ifinfomsg)));
  which->ifi_index = static_cast<int>(link);
  mnl_socket_sendto(route, header, header->nlmsg_len);
  auto size = mnl_socket_recvfrom(route, buffer.data(), buffer.size());
  mnl_socket_close(route);
  std::optional<uint32_t> found;
  if (size <= 0)
    return found;
  auto end = buffer.data() + header->nlmsg_len;
  auto each = static_cast<nlattr*>(
    mnl_nlmsg_get_payload_offset(header, sizeof(ifinfomsg)));
  for (;
       mnl_attr_ok(each, static_cast<int>(end - reinterpret_cast<char*>(each)));
       each = mnl_attr_next(each))
    if (mnl_attr_get_type(each) == attribute)
      found = mnl_attr_get_u32(each);
  return found;
}

} // namespace

// And what the kernel does not know it passes over.
TEST_CASE("a link takes large bursts where the kernel has them") {
  NEEDS_A_NETWORK();
  constexpr uint16_t gso_ipv4_max_size = 63;
  auto here = net::netlink::open();
  REQUIRE(here.has_value());
  here->set_largest_burst("lo", 128 << 10);
  auto now = told(if_nametoindex("lo"), gso_ipv4_max_size);
  CHECK(now.value_or(128 << 10) == 128 << 10);
}
