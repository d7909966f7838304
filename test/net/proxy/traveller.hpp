#pragma once

/// Somebody who opens tunnels, on one loop.

#include "net/proxy/tunnel.hpp"
#include "test/net/dns/loop.hpp"
#include "test/support/show.hpp"

#include <catch2/catch.hpp>
#include <sys/socket.h>

#include <cerrno>
#include <optional>
#include <string>

namespace pier::trials {

struct traveller : loop {
  std::optional<net::tunnel_end> dial(
    uint16_t port, const std::string& host = "web.example",
    const std::string& scheme = "http://", const std::string& login = "") {
    auto by = parse_upstream_proxy(
      scheme + login + "127.0.0.1:" + std::to_string(port));
    REQUIRE(by);
    std::optional<net::tunnel_end> out;
    way.begin(*by, host, 443, [&](net::tunnel_end how) {
      out.emplace(std::move(how));
    });
    until([&] { return out.has_value(); });
    return out;
  }

  static result<net::fd> socket(family kind) {
    return net::host_socket(kind, SOCK_STREAM);
  }

  std::shared_ptr<net::login_memory>
    past = std::make_shared<net::login_memory>();
  net::tunnel way{io, socket, past};
};

/// What is there, and then the end.
inline std::string all_of(const net::fd& from) {
  std::string out;
  char one = 0;
  for (;;) {
    auto got = ::recv(from.get(), &one, 1, 0);
    if (got < 0 && errno == EAGAIN)
      continue;
    if (got <= 0)
      return out;
    out.push_back(one);
  }
}

} // namespace pier::trials
