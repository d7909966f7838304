/// Two connected UDP sockets, joined. Datagrams pass whole, up to 65,507
/// bytes; what a full sink does not take is lost, as on any network. An ICMP
/// error from either side ends the flow and says why; the next datagram begins
/// it again.

#include "net/error_queue.hpp"
#include "net/relay/pair.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace pier::net {

namespace {

constexpr size_t datagram_size = 65536;
constexpr unsigned batch = 16;
constexpr int batches_a_turn = 8;

class udp_pair : public pair {
public:
  udp_pair(fd guest_socket, fd host_socket, std::chrono::milliseconds idle)
    : pair(std::move(guest_socket), std::move(host_socket)), idle_(idle) {}

  verdict pump(relay_workshop& shop) override {
    auto one = run(guest, host, counts->sent, shop);
    if (one == verdict::over)
      return one;
    auto two = run(host, guest, counts->received, shop);
    if (two == verdict::over)
      return two;
    return one == verdict::again || two == verdict::again ? verdict::again
                                                          : verdict::wait;
  }

  verdict hear_error(const side& which) override {
    // Of a side without a queue it is told by the next receive.
    auto heard = take_error(which.socket.get(), 0);
    return heard == ec::ok ? verdict::again : fail(heard);
  }

  void abort() override {}

  std::chrono::steady_clock::duration idle() const override {
    return idle_;
  }

private:
  verdict run(
    side& from, side& to, std::atomic<uint64_t>& count, relay_workshop& shop) {
    if (shop.buffer.size() < batch * datagram_size)
      shop.buffer.resize(batch * datagram_size);
    for (int turn = 0; turn < batches_a_turn; ++turn) {
      if (!from.readable)
        return verdict::wait;
      std::array<mmsghdr, batch> messages{};
      std::array<iovec, batch> parts{};
      for (size_t i = 0; i < batch; ++i) {
        parts[i] = {shop.buffer.data() + i * datagram_size, datagram_size};
        messages[i].msg_hdr.msg_iov = &parts[i];
        messages[i].msg_hdr.msg_iovlen = 1;
      }
      auto got = ::recvmmsg(
        from.socket.get(), messages.data(), batch, MSG_DONTWAIT, nullptr);
      if (got < 0) {
        if (errno == EAGAIN) {
          from.readable = false;
          return verdict::wait;
        }
        auto heard = take_error(from.socket.get(), errno);
        if (heard != ec::ok)
          return fail(heard);
        continue;
      }
      last_heard = shop.now;
      uint64_t bytes = 0;
      auto number = static_cast<unsigned>(got);
      for (size_t i = 0; i < number; ++i) {
        parts[i].iov_len = messages[i].msg_len;
        bytes += messages[i].msg_len;
      }
      count.fetch_add(bytes, std::memory_order_relaxed);
      if (auto said = send_all(to, messages.data(), number);
          said == verdict::over)
        return said;
      if (number < batch)
        from.readable = false;
    }
    return verdict::again;
  }

  verdict send_all(side& to, mmsghdr* messages, unsigned number) {
    unsigned sent = 0;
    while (sent < number) {
      auto now = ::sendmmsg(
        to.socket.get(), messages + sent, number - sent,
        MSG_DONTWAIT | MSG_NOSIGNAL);
      if (now > 0) {
        sent += static_cast<unsigned>(now);
      } else if (errno == EAGAIN || errno == ENOBUFS) {
        return verdict::again;
      } else if (errno == EMSGSIZE) {
        ++sent; // Larger than this path takes: lost, as on any network.
      } else {
        return fail(take_error(to.socket.get(), errno));
      }
    }
    return verdict::again;
  }

  verdict fail(ec heard) {
    why = heard;
    return verdict::over;
  }

  std::chrono::milliseconds idle_;
};

} // namespace

std::unique_ptr<pair>
make_udp_pair(fd guest, fd host, std::chrono::milliseconds idle) {
  return std::make_unique<udp_pair>(std::move(guest), std::move(host), idle);
}

} // namespace pier::net
