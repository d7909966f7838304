#include "net/socks/hang_up.hpp"

#include <sys/socket.h>

#include <array>

namespace pier::net {

bool say(int client, std::string_view word) {
  auto sent = ::send(
    client, word.data(), word.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  return sent == static_cast<ssize_t>(word.size());
}

void hang_up(fd client, std::string_view word) {
  constexpr int most_reads = 16;
  if (!word.empty())
    say(client.get(), word);
  ::shutdown(client.get(), SHUT_WR);
  std::array<char, 16384> dropped{};
  for (int i = 0; i < most_reads; ++i)
    if (::recv(client.get(), dropped.data(), dropped.size(), MSG_DONTWAIT) <= 0)
      return;
}

} // namespace pier::net
