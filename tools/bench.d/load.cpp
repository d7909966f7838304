/// pier-load: both ends of what tools/bench measures.
///
///     pier-load serve ADDRESS PORT
///     pier-load connect ADDRESS PORT SECONDS CLIENTS    connections a second
///     pier-load latency ADDRESS PORT SECONDS            microseconds
///
/// A client's first byte says what it wants: `c` is answered by one byte and
/// the end, anything else is echoed. It is the server that closes first, so
/// that TIME_WAIT stays on the listening side and no client runs out of ports.
/// Results are one JSON object on stdout.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

namespace {

using clock_type = std::chrono::steady_clock;

[[noreturn]] void give_up(const char* what) {
  std::fprintf(stderr, "pier-load: %s: %s\n", what, std::strerror(errno));
  std::exit(1);
}

struct place {
  sockaddr_storage address{};
  socklen_t size = 0;
};

place parse(const char* address, const char* port) {
  place at;
  auto number = htons(static_cast<uint16_t>(std::atoi(port)));
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  if (::inet_pton(AF_INET, address, &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = number;
    at.size = sizeof(v4);
    std::memcpy(&at.address, &v4, at.size);
  } else if (::inet_pton(AF_INET6, address, &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = number;
    at.size = sizeof(v6);
    std::memcpy(&at.address, &v6, at.size);
  } else {
    errno = EINVAL;
    give_up(address);
  }
  return at;
}

int make_socket(const place& at, int flags) {
  auto made = ::socket(at.address.ss_family, SOCK_STREAM | flags, 0);
  if (made < 0)
    give_up("socket");
  int on = 1;
  ::setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  return made;
}

const sockaddr* raw(const place& at) {
  return reinterpret_cast<const sockaddr*>(&at.address);
}

/// Accepts until nobody waits.
void accept_all(int listener, int poll) {
  for (;;) {
    auto fresh = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK);
    if (fresh < 0)
      return;
    int on = 1;
    ::setsockopt(fresh, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    epoll_event interest{EPOLLIN, {.fd = fresh}};
    ::epoll_ctl(poll, EPOLL_CTL_ADD, fresh, &interest);
  }
}

void answer(int client) {
  char text[4096];
  auto count = ::read(client, text, sizeof(text));
  if (count < 0 && errno == EAGAIN)
    return;
  auto good = count > 0
    && ::write(client, text, static_cast<size_t>(count)) > 0;
  if (!good || text[0] == 'c')
    ::close(client);
}

int serve(const place& at) {
  auto listener = make_socket(at, SOCK_NONBLOCK);
  int on = 1;
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (::bind(listener, raw(at), at.size) != 0 || ::listen(listener, 4096) != 0)
    give_up("listen");
  auto poll = ::epoll_create1(0);
  epoll_event interest{EPOLLIN, {.fd = listener}};
  ::epoll_ctl(poll, EPOLL_CTL_ADD, listener, &interest);
  std::puts("ready");
  std::fflush(stdout);
  for (;;) {
    epoll_event ready[256];
    auto count = ::epoll_wait(poll, ready, 256, -1);
    for (int i = 0; i < count; ++i)
      if (ready[i].data.fd == listener)
        accept_all(listener, poll);
      else
        answer(ready[i].data.fd);
  }
}

/// One connection, asked and answered to its end.
bool one_connection(const place& at) {
  auto client = make_socket(at, 0);
  char letter = 'c';
  auto good = ::connect(client, raw(at), at.size) == 0
    && ::write(client, &letter, 1) == 1 && ::read(client, &letter, 1) == 1
    && ::read(client, &letter, 1) == 0;
  ::close(client);
  return good;
}

int connect_rate(const place& at, double seconds, int clients) {
  std::atomic<uint64_t> done{0}, failed{0};
  auto begun = clock_type::now();
  auto until = begun
    + std::chrono::duration_cast<clock_type::duration>(
                 std::chrono::duration<double>(seconds));
  std::vector<std::thread> all;
  for (int i = 0; i < clients; ++i)
    all.emplace_back([&] {
      while (clock_type::now() < until)
        ++(one_connection(at) ? done : failed);
    });
  for (auto& each : all)
    each.join();
  std::chrono::duration<double> took = clock_type::now() - begun;
  std::printf(
    "{\"rate\": %.1f, \"failed\": %llu}\n",
    static_cast<double>(done.load()) / took.count(),
    static_cast<unsigned long long>(failed.load()));
  return 0;
}

int latency(const place& at, double seconds) {
  auto client = make_socket(at, 0);
  if (::connect(client, raw(at), at.size) != 0)
    give_up("connect");
  std::string ask(64, 'l');
  char text[64];
  std::vector<double> times;
  auto begun = clock_type::now();
  while (std::chrono::duration<double>(clock_type::now() - begun).count()
         < seconds) {
    auto sent = clock_type::now();
    if (::write(client, ask.data(), ask.size()) != 64)
      give_up("write");
    if (::recv(client, text, sizeof(text), MSG_WAITALL) != 64)
      give_up("read");
    std::chrono::duration<double, std::micro> took = clock_type::now() - sent;
    times.push_back(took.count());
  }
  std::sort(times.begin(), times.end());
  auto at_share = [&](double share) {
    return times[static_cast<size_t>(
      share * static_cast<double>(times.size() - 1))];
  };
  std::printf(
    "{\"p50\": %.2f, \"p99\": %.2f, \"count\": %zu}\n", at_share(0.5),
    at_share(0.99), times.size());
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  std::string verb = argc > 1 ? argv[1] : "";
  if (verb == "serve" && argc == 4)
    return serve(parse(argv[2], argv[3]));
  if (verb == "connect" && argc == 6)
    return connect_rate(
      parse(argv[2], argv[3]), std::atof(argv[4]), std::atoi(argv[5]));
  if (verb == "latency" && argc == 5)
    return latency(parse(argv[2], argv[3]), std::atof(argv[4]));
  std::fputs("usage: pier-load serve|connect|latency ADDRESS PORT …\n", stderr);
  return 2;
}
