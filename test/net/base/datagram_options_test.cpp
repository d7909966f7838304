#include "net/datagram_options.hpp"
#include "net/fd.hpp"

#include <catch2/catch.hpp>
#include <netinet/in.h>

#include <array>

using namespace pier;

// Twenty milliseconds of a stall, at 20,000 a second, where the kernel allows
// as much; without it five were too many.
TEST_CASE("datagrams wait for whoever is late") {
  net::fd reader{::socket(AF_INET, SOCK_DGRAM, 0)};
  net::set_datagram_options(reader.get());
  int room = 0;
  socklen_t size = sizeof(room);
  ::getsockopt(reader.get(), SOL_SOCKET, SO_RCVBUF, &room, &size);
  // The kernel keeps twice the figure.
  if (room < 4 << 20) {
    WARN("skipped: net.core.rmem_max allows no more than " << room / 2);
    return;
  }
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  size = sizeof(at);
  auto name = reinterpret_cast<sockaddr*>(&at);
  REQUIRE(::bind(reader.get(), name, size) == 0);
  ::getsockname(reader.get(), name, &size);
  net::fd writer{::socket(AF_INET, SOCK_DGRAM, 0)};
  REQUIRE(::connect(writer.get(), name, size) == 0);
  std::array<char, 1400> datagram{};
  constexpr int sent = 400;
  for (int i = 0; i < sent; ++i)
    ::send(writer.get(), datagram.data(), datagram.size(), 0);
  auto got = 0;
  while (::recv(reader.get(), datagram.data(), datagram.size(), MSG_DONTWAIT)
         > 0)
    ++got;
  CHECK(got == sent);
}
