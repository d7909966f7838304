/// tunnel_trial PROXY HOST PORT: what the tests let real proxies meet. Opens a
/// tunnel, sends its input through, and prints what comes back until that ends
/// with the same; where there is no tunnel, the code and the text of the
/// refusal.

#include "net/proxy/tunnel.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <optional>

using namespace pier;

namespace {

constexpr int usage_error = 125;
constexpr int patience_ms = 20000;

int talk(const net::fd& with) {
  std::string input{std::istreambuf_iterator<char>{std::cin}, {}};
  ::send(with.get(), input.data(), input.size(), MSG_NOSIGNAL);
  std::string output;
  std::array<char, 4096> bytes{};
  while (!output.ends_with(input)) {
    pollfd news{with.get(), POLLIN, 0};
    if (::poll(&news, 1, patience_ms) != 1)
      return EXIT_FAILURE;
    auto count = ::recv(with.get(), bytes.data(), bytes.size(), 0);
    if (count <= 0)
      break;
    output.append(bytes.data(), static_cast<size_t>(count));
  }
  std::cout << output;
  return output.ends_with(input) ? EXIT_SUCCESS : EXIT_FAILURE;
}

} // namespace

int main(int count, char** words) {
  auto by = count == 4 ? parse_upstream_proxy(words[1])
                       : error{ec::bad_request, "PROXY HOST PORT"};
  if (!by) {
    std::cerr << by.error().text << '\n';
    return usage_error;
  }
  boost::asio::io_context io{1};
  // The second one begins with what the first one has learnt.
  auto past = std::make_shared<net::login_memory>();
  std::optional<net::tunnel_end> how;
  for (int i = 0; i < 2; ++i) {
    how.reset();
    net::tunnel way{
      io, [](family kind) { return net::host_socket(kind, SOCK_STREAM); },
      past};
    way.begin(
      *by, words[2], static_cast<uint16_t>(std::atoi(words[3])),
      [&](net::tunnel_end end) { how.emplace(std::move(end)); });
    while (!how && io.run_one() > 0) {}
    io.restart();
    if (!how || !how->connection) {
      std::cout << (how ? to_string(how->why.code) : "nothing") << ' '
                << (how && how->proxy_failed ? "proxy" : "target") << ' '
                << (how ? how->why.text : "") << '\n';
      return EXIT_FAILURE;
    }
  }
  return talk(how->connection);
}
