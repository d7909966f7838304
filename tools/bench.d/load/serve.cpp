#include "tools/bench.d/load/bulk.hpp"
#include "tools/bench.d/load/verbs.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>

namespace load {

namespace {

constexpr std::string_view page = "HTTP/1.1 200 OK\r\nContent-Type: "
                                  "text/plain\r\nContent-Length: 6\r\n\r\n"
                                  "hello\n";

enum class role : uint8_t { listener, datagrams, client };

class server {
public:
  explicit server(const std::vector<place>& at) {
    for (const auto& each : at) {
      add(listen(each), role::listener);
      add(receive(each), role::datagrams);
    }
  }

  [[noreturn]] void run() {
    std::array<epoll_event, 256> ready{};
    for (;;) {
      auto count = ::epoll_wait(
        poll_, ready.data(), static_cast<int>(ready.size()), -1);
      for (int i = 0; i < count; ++i)
        hear(ready[static_cast<size_t>(i)].data.fd);
    }
  }

private:
  static int listen(const place& at) {
    auto made = make_socket(at, SOCK_STREAM | SOCK_NONBLOCK);
    int on = 1;
    ::setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (::bind(made, at.raw(), at.size) != 0 || ::listen(made, 4096) != 0)
      give_up("listen");
    return made;
  }

  static int receive(const place& at) {
    auto made = make_socket(at, SOCK_DGRAM | SOCK_NONBLOCK);
    int size = 4 << 20;
    ::setsockopt(made, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
    if (::bind(made, at.raw(), at.size) != 0)
      give_up("bind");
    return made;
  }

  void add(int socket, role as) {
    roles_[socket] = as;
    epoll_event interest{};
    interest.events = EPOLLIN;
    interest.data.fd = socket;
    ::epoll_ctl(poll_, EPOLL_CTL_ADD, socket, &interest);
  }

  void hear(int socket) {
    switch (roles_[socket]) {
      case role::listener:
        return accept_all(socket);
      case role::datagrams:
        return count_all(socket);
      case role::client:
        return answer(socket);
    }
  }

  void accept_all(int listener) {
    for (;;) {
      auto fresh = ::accept4(
        listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fresh < 0)
        return;
      int on = 1;
      ::setsockopt(fresh, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
      add(fresh, role::client);
    }
  }

  /// Counts, and answers with the first byte: a flow has two directions.
  void count_all(int socket) {
    std::array<mmsghdr, 32> messages{};
    std::array<iovec, 32> parts{};
    for (size_t i = 0; i < messages.size(); ++i) {
      parts[i] = {buffer_.data() + i * 2048, 2048};
      messages[i].msg_hdr.msg_iov = &parts[i];
      messages[i].msg_hdr.msg_iovlen = 1;
    }
    auto got = ::recvmmsg(
      socket, messages.data(), messages.size(), MSG_DONTWAIT, nullptr);
    if (got > 0)
      datagrams_ += static_cast<uint64_t>(got);
  }

  void answer(int client) {
    auto got = ::read(client, buffer_.data(), 4096);
    if (got < 0 && errno == EAGAIN)
      return;
    if (got <= 0)
      return end(client);
    std::string_view said{buffer_.data(), static_cast<size_t>(got)};
    if (said[0] == 'G' || heads_.contains(client))
      return hear_head(client, said);
    if (said[0] == 'b' || said[0] == 'B')
      return hand_over(client, said[0]);
    if (said[0] == 'z')
      datagrams_ = 0;
    auto count = std::to_string(datagrams_) + "\n";
    auto reply = said[0] == 'u' || said[0] == 'z' ? std::string_view{count}
                                                  : said;
    if (::write(client, reply.data(), reply.size()) < 0 || said[0] == 'c')
      end(client);
  }

  /// A proxy may say a request in several pieces, and that it is the last.
  void hear_head(int client, std::string_view said) {
    auto& head = heads_[client];
    head += said;
    if (!head.ends_with("\r\n\r\n"))
      return;
    auto close = head.find("onnection: close\r\n");
    auto is_last = close != std::string::npos;
    heads_.erase(client);
    if (::write(client, page.data(), page.size()) < 0 || is_last)
      end(client);
  }

  /// To a thread of its own, which blocks.
  void hand_over(int client, char order) {
    roles_.erase(client);
    ::epoll_ctl(poll_, EPOLL_CTL_DEL, client, nullptr);
    ::fcntl(client, F_SETFL, 0);
    std::thread{serve_bulk, client, order}.detach();
  }

  void end(int client) {
    roles_.erase(client);
    heads_.erase(client);
    ::close(client);
  }

  int poll_ = ::epoll_create1(EPOLL_CLOEXEC);
  std::unordered_map<int, role> roles_;
  /// Of requests that are not whole yet.
  std::unordered_map<int, std::string> heads_;
  std::array<char, 64 * 2048> buffer_{};
  uint64_t datagrams_ = 0;
};

} // namespace

int serve(const std::vector<place>& at) {
  server all{at};
  std::puts("ready");
  std::fflush(stdout);
  all.run();
}

} // namespace load
