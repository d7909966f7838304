/// What the gate stands on: a packet that waits, a verdict's mark, and sockets
/// that answer in foreign names. Packets of ours that loopback brings back are
/// the guest's here.

#include "net/gateway/rules.hpp"
#include "net/link/netlink.hpp"
#include "test/platform/packet_queue.hpp"
#include "test/platform/scenery.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <nftables/libnftables.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

using namespace pier;
using namespace pier::platform;

namespace {

constexpr uint32_t guest_mark = 7;
constexpr uint32_t verdict_go = 1;
constexpr uint32_t verdict_reset = 2;
constexpr uint32_t local_table = 100;

std::string load(const std::string& rules) {
  auto context = nft_ctx_new(NFT_CTX_DEFAULT);
  nft_ctx_buffer_error(context);
  auto status = nft_run_cmd_from_buffer(context, rules.c_str());
  std::string said = nft_ctx_get_error_buffer(context);
  nft_ctx_free(context);
  return status == 0 ? "" : said;
}

std::string
chain(const std::string& name, int priority, const std::string& lines) {
  return fmt::format(
    "table inet facts {{\n chain {} {{\n type filter hook prerouting priority "
    "{}; policy accept;\n {}\n }}\n}}\n",
    name, priority, lines);
}

/// Once for the program: every marked packet is delivered here.
void lay_ground() {
  static const bool done = [] {
    auto links = net::netlink::open();
    REQUIRE(links.has_value());
    for (auto kind : {family::v4, family::v6})
      for (auto mark : {guest_mark, verdict_go})
        REQUIRE(links->deliver_mark_locally(kind, mark, local_table + mark)
                  .has_value());
    return true;
  }();
  REQUIRE(done);
}

/// Rules for the length of a test.
class rules {
public:
  explicit rules(const std::string& lines) {
    lay_ground();
    refused = load(chain("early", -150, lines));
  }
  ~rules() {
    load("delete table inet facts");
  }
  rules(const rules&) = delete;
  rules& operator=(const rules&) = delete;
  std::string refused;
};

/// The same rule as an older kernel takes it, added (-A) or deleted (-D).
bool queue_by_tool(family kind, const char* what) {
  auto tool = kind == family::v4 ? "iptables-nft" : "ip6tables-nft";
  return in_a_child([=] {
           ::setenv("PATH", "/usr/sbin:/sbin:/usr/bin:/bin", 1);
           ::execlp(
             tool, tool, "-t", "mangle", what, "PREROUTING", "-m", "mark",
             "--mark", "7", "-p", "tcp", "--syn", "-j", "NFQUEUE",
             "--queue-num", "5", nullptr);
           return 127;
         })
    == 0;
}

endpoint somewhere(family kind, uint16_t port) {
  return {
    *ip_address::parse(kind == family::v4 ? "203.0.113.7" : "2001:db8::7"),
    port};
}

/// Of loopback's own address, with the mark that leads back here.
net::fd guest_socket(family kind, int type) {
  auto made = make_socket(kind, type);
  set(made, SOL_SOCKET, SO_MARK, guest_mark);
  REQUIRE(bind_to(made, loopback(kind, 0)) == 0);
  return made;
}

net::fd transparent(family kind, int type, const endpoint& at) {
  auto made = make_socket(kind, type);
  if (kind == family::v4)
    set(made, IPPROTO_IP, IP_TRANSPARENT, 1);
  else
    set(made, IPPROTO_IPV6, IPV6_TRANSPARENT, 1);
  REQUIRE(bind_to(made, at) == 0);
  return made;
}

/// Loopback is the bridge here, and its own addresses the gateway's.
std::string rules_of_loopback() {
  net::guest_network net;
  net.gateway = ip_address::loopback(family::v4);
  net.gateway6 = ip_address::loopback(family::v6);
  net.proxy6 = somewhere(family::v6, 0).ip;
  auto text = net::gate_rules(net, 6001, 6001);
  const std::string bridge{net::bridge_name};
  for (auto at = text.find(bridge); at != std::string::npos;
       at = text.find(bridge, at))
    text.replace(at, bridge.size(), "lo");
  return text;
}

} // namespace

TEST_CASE("tproxy brings a SYN to a listener that has not its address") {
  NEEDS_A_NETWORK();
  auto kind = GENERATE(family::v4, family::v6);
  auto listener = transparent(kind, SOCK_STREAM, {ip_address::any(kind), 6001});
  REQUIRE(::listen(listener.get(), 8) == 0);
  rules now{
    "meta mark 7 meta nfproto ipv4 tcp flags & (syn | ack) == syn tproxy ip "
    "to :6001 accept; "
    "meta mark 7 meta nfproto ipv6 tcp flags & (syn | ack) == syn tproxy ip6 "
    "to :6001 accept"};
  REQUIRE_THAT(now.refused, Catch::Equals(""));
  auto client = guest_socket(kind, SOCK_STREAM);
  connect_to(client, somewhere(kind, 443));
  auto server = accept_from(listener);
  CHECK(outcome(client) == 0);
  CHECK(to_string(own_address(server)) == to_string(somewhere(kind, 443)));
  REQUIRE(send(client, "question"));
  CHECK(receive(server) == "question");
}

TEST_CASE("a SYN in the queue waits, and the verdict's mark decides") {
  NEEDS_A_NETWORK();
  auto kind = GENERATE(family::v4, family::v6);
  rules now{"meta mark 7 tcp flags & (syn | ack) == syn queue num 5"};
  if (!now.refused.empty() && !queue_by_tool(kind, "-A")) {
    WARN("skipped: neither nft queue nor NFQUEUE here: " << now.refused);
    return;
  }
  auto late = chain(
    "late", -140, "meta mark 2 meta l4proto tcp reject with tcp reset");
  REQUIRE_THAT(load(late), Catch::Equals(""));
  packet_queue queue{5};
  auto to = loopback(kind, 6002);
  auto listener = make_socket(kind, SOCK_STREAM);
  REQUIRE(bind_to(listener, to) == 0);
  REQUIRE(::listen(listener.get(), 8) == 0);
  auto client = guest_socket(kind, SOCK_STREAM);
  connect_to(client, to);
  auto held = queue.next();
  REQUIRE(held);
  CHECK_FALSE(readable(listener, 0));
  SECTION("it goes on") {
    queue.accept(*held, verdict_go);
    CHECK(outcome(client) == 0);
  }
  SECTION("it is reset") {
    queue.accept(*held, verdict_reset);
    CHECK(outcome(client) == ECONNREFUSED);
  }
  if (!now.refused.empty())
    queue_by_tool(kind, "-D");
}

TEST_CASE("a connected transparent socket draws its flow's later datagrams") {
  NEEDS_A_NETWORK();
  auto kind = GENERATE(family::v4, family::v6);
  auto to = somewhere(kind, 53);
  rules now{"meta mark 7 meta l4proto udp socket transparent 1 accept; "
            "meta mark 7 meta l4proto udp drop"};
  REQUIRE_THAT(now.refused, Catch::Equals(""));
  auto client = guest_socket(kind, SOCK_DGRAM);
  auto stranger = guest_socket(kind, SOCK_DGRAM);
  REQUIRE(connect_to(client, to) == 0);
  REQUIRE(connect_to(stranger, to) == 0);
  REQUIRE(send(client, "before"));
  auto server = transparent(kind, SOCK_DGRAM, to);
  REQUIRE(connect_to(server, own_address(client)) == 0);
  REQUIRE(send(stranger, "not mine"));
  REQUIRE(send(client, "after"));
  CHECK(receive(server) == "after");
  CHECK_FALSE(readable(server, 0));
  REQUIRE(send(server, "answer"));
  CHECK(receive(client) == "answer");
}

TEST_CASE("a segment whose socket the first look missed is not reset") {
  NEEDS_A_NETWORK();
  auto kind = GENERATE(family::v4, family::v6);
  auto listener = transparent(kind, SOCK_STREAM, {ip_address::any(kind), 6001});
  REQUIRE(::listen(listener.get(), 8) == 0);
  rules verdict{"meta mark 7 tcp flags & (syn | ack) == syn meta mark set 1"};
  REQUIRE_THAT(verdict.refused, Catch::Equals(""));
  // The kernel misses one of ten thousand; without its chain, all are missed.
  REQUIRE_THAT(
    load(rules_of_loopback() + "flush chain inet pier early\n"),
    Catch::Equals(""));
  auto client = guest_socket(kind, SOCK_STREAM);
  connect_to(client, somewhere(kind, 443));
  auto server = accept_from(listener);
  CHECK(outcome(client) == 0);
  CHECK(send(client, "question"));
  CHECK(receive(server) == "question");
  client.reset();
  CHECK(receive(server) == "");
  load("delete table inet pier");
}
