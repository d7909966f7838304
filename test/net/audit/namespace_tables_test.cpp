#include "net/audit/namespace_tables.hpp"
#include "net/fd.hpp"
#include "net/socket_address.hpp"

#include <catch2/catch.hpp>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

using namespace pier;
using namespace pier::net;

TEST_CASE("listeners are read from the kernel's table, and nobody else") {
  constexpr auto table
    = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when\n"
      "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 "
      "00000000  1000        0 4711 1 0000000000000000 100 0 0 10 0\n"
      "   1: 0100007F:1F91 0100007F:1F90 01 00000000:00000000 00:00000000 "
      "00000000  1000        0 4712 1 0000000000000000 20 4 30 10 -1\n"
      "   2: what\n   3: 01:02 3:4 0A 0 0 0 0 0 5\n";
  auto all = read_sockets(table, "tcp");
  REQUIRE(all.size() == 1);
  CHECK(to_string(all[0].at) == "127.0.0.1:8080");
  CHECK(all[0].inode == 4711);
}

TEST_CASE("an IPv6 address is four words of the machine's order") {
  constexpr auto table = "  1: 00000000000000000000000001000000:0035 "
                         "00000000000000000000000000000000:0000 07 "
                         "00000000:00000000 00:00000000 "
                         "00000000 0 0 99 2 0000000000000000 0\n";
  auto all = read_sockets(table, "udp6");
  REQUIRE(all.size() == 1);
  CHECK(to_string(all[0].at) == "[::1]:53");
}

TEST_CASE("links are read by their names") {
  constexpr auto table = "Inter-|   Receive\n face |bytes    packets\n"
                         "    lo:  100 1\n veth12: 5 6\n";
  CHECK(read_links(table) == std::vector<std::string>{"lo", "veth12"});
}

TEST_CASE("of this process they are as the kernel has them") {
  fd made{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  auto at = to_kernel({*ip_address::parse("127.0.0.1"), 0});
  REQUIRE(::bind(made.get(), at.data(), at.size) == 0);
  REQUIRE(::listen(made.get(), 1) == 0);
  REQUIRE(::getsockname(made.get(), at.data(), &at.size) == 0);
  struct stat facts {};
  REQUIRE(::fstat(made.get(), &facts) == 0);
  auto all = open_sockets_of(::getpid());
  CHECK(std::any_of(all.begin(), all.end(), [&](const open_socket& each) {
    return each.inode == facts.st_ino && each.at == from_kernel(at);
  }));
  auto links = links_of(::getpid());
  CHECK(std::find(links.begin(), links.end(), "lo") != links.end());
}
