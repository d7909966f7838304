#pragma once

/// A server that says what a test has it say.

#include "net/fd.hpp"

#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace pier::trials {

/// Listens on 127.0.0.1, and gives each client in turn to one of these; those
/// who come later wait for ever. Its end ends what is being said.
class fake_server {
public:
  using client = std::function<void(int)>;

  explicit fake_server(std::vector<client> clients);
  ~fake_server();

  uint16_t port() const noexcept {
    return port_;
  }

private:
  net::fd listener_;
  uint16_t port_ = 0;
  std::thread thread_;
};

inline fake_server::fake_server(std::vector<client> clients)
  : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(at);
  auto* name = reinterpret_cast<sockaddr*>(&at);
  REQUIRE(::bind(listener_.get(), name, size) == 0);
  REQUIRE(::listen(listener_.get(), 16) == 0);
  ::getsockname(listener_.get(), name, &size);
  port_ = ntohs(at.sin_port);
  thread_ = std::thread{[this, all = std::move(clients)] {
    for (const auto& each : all) {
      net::fd one{::accept(listener_.get(), nullptr, nullptr)};
      if (!one)
        return;
      timeval patience{10, 0};
      ::setsockopt(
        one.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
      each(one.get());
    }
  }};
}

inline fake_server::~fake_server() {
  ::shutdown(listener_.get(), SHUT_RDWR);
  thread_.join();
}

inline std::string hear(int from, size_t count) {
  std::string out(count, '\0');
  size_t size = 0;
  while (size < count) {
    auto got = ::recv(from, out.data() + size, count - size, 0);
    if (got <= 0)
      break;
    size += static_cast<size_t>(got);
  }
  out.resize(size);
  return out;
}

/// Up to the empty line, which belongs to it; what there was, at the end.
inline std::string hear_head(int from) {
  std::string out;
  while (!out.ends_with("\r\n\r\n")) {
    auto next = hear(from, 1);
    if (next.empty())
      break;
    out += next;
  }
  return out;
}

inline void say(int to, const std::string& what) {
  ::send(to, what.data(), what.size(), MSG_NOSIGNAL);
}

} // namespace pier::trials
