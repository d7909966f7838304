#pragma once

#include "net/fd.hpp"
#include "net/stream_options.hpp"

#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <string>
#include <utility>

namespace pier::trials {

/// Two connected TCP sockets on loopback.
inline std::pair<net::fd, net::fd> tcp_pair() {
  net::fd listener{::socket(AF_INET, SOCK_STREAM, 0)};
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(at);
  auto name = reinterpret_cast<sockaddr*>(&at);
  REQUIRE(::bind(listener.get(), name, size) == 0);
  REQUIRE(::listen(listener.get(), 1) == 0);
  ::getsockname(listener.get(), name, &size);
  net::fd one{::socket(AF_INET, SOCK_STREAM, 0)};
  REQUIRE(::connect(one.get(), name, size) == 0);
  net::fd two{::accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK)};
  net::set_stream_options(two.get());
  timeval patience{10, 0};
  ::setsockopt(one.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  return {std::move(one), std::move(two)};
}

inline std::string read(const net::fd& from) {
  std::array<char, 64> buffer{};
  auto got = ::recv(from.get(), buffer.data(), buffer.size(), 0);
  return got < 0 ? "error"
                 : std::string(buffer.data(), static_cast<size_t>(got));
}

} // namespace pier::trials
