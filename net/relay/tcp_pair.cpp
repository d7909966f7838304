/// Two TCP sockets, joined.
///
/// Theory of operation. Each direction is a pump: read until the source is
/// dry, write until the sink is full. While reads are short the bytes pass
/// through the loop's buffer (two system calls an exchange); a read that fills
/// the buffer means bulk, and the direction goes over to splice through a
/// borrowed pipe, until reads are short again. Bytes that the sink did not take
/// stay in the pipe, or in the stash where there was none, and nothing more is
/// read meanwhile: that is the backpressure.
///
/// FIN travels with the last bytes where it has come with them, and behind them
/// otherwise; two of them are an orderly end. An urgent byte (RFC 6093) stays
/// where it is in the stream, and urgent where there is room for it. Any error
/// is an RST for the other side: what it was sent and has not read, it loses,
/// as it would have from the peer itself.

#include "net/relay/pair.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>

namespace pier::net {

namespace {

/// Below it a copy is cheaper than the two splices.
constexpr size_t short_read = 16 * 1024;
constexpr size_t splice_size = 256UL * 1024;
/// Of one direction, before other pairs have their turn: what a new connection
/// waits for behind a neighbour at full throttle is some hundred microseconds.
constexpr int rounds_a_turn = 8;
constexpr size_t bytes_a_turn = 256UL * 1024;

struct lane {
  side* from = nullptr;
  side* to = nullptr;
  std::atomic<uint64_t>* count = nullptr;
  std::optional<pipe_pair> pipe;
  size_t in_pipe = 0;
  std::vector<char> stash;
  size_t stash_taken = 0;
  bool bulk = false;
  bool ended = false; // the source has said FIN
  bool done = false;  // and so have we

  bool holds_bytes() const noexcept {
    return in_pipe > 0 || stash_taken < stash.size();
  }
};

class tcp_pair : public pair {
public:
  tcp_pair(fd guest_socket, fd host_socket)
    : pair(std::move(guest_socket), std::move(host_socket)) {
    out_.from = in_.to = &guest;
    out_.to = in_.from = &host;
    out_.count = &counts->sent;
    in_.count = &counts->received;
  }

  verdict pump(relay_workshop& shop) override {
    auto one = run(out_, shop);
    if (one == verdict::over)
      return one;
    auto two = run(in_, shop);
    if (two == verdict::over)
      return two;
    if (out_.done && in_.done)
      return verdict::over;
    return one == verdict::again || two == verdict::again ? verdict::again
                                                          : verdict::wait;
  }

  verdict hear_error(const side& which) override {
    int number = 0;
    socklen_t size = sizeof(number);
    ::getsockopt(which.socket.get(), SOL_SOCKET, SO_ERROR, &number, &size);
    if (number == 0)
      return verdict::wait;
    return fail(number);
  }

  /// At once, even while a child that is about to be another program holds the
  /// sockets, too: then a close alone would tell nobody.
  void abort() override {
    sockaddr nobody{};
    nobody.sa_family = AF_UNSPEC;
    for (auto* each : {&guest, &host})
      ::connect(each->socket.get(), &nobody, sizeof(nobody));
  }

private:
  verdict fail(int number) {
    auto code = from_errno(number);
    why = code == ec::timed_out ? ec::timed_out : ec::reset;
    abort();
    return verdict::over;
  }

  /// Moves one lane as far as it goes.
  verdict run(lane& way, relay_workshop& shop) {
    auto moved_before = way.count->load(std::memory_order_relaxed);
    for (int round = 0; round < rounds_a_turn; ++round) {
      if (way.done)
        return verdict::wait;
      if (way.holds_bytes()) {
        if (auto said = drain(way); said != verdict::again)
          return said;
      }
      if (way.ended) {
        way.done = true;
        // With both done the sockets are closed, which says FIN, too.
        if (!(out_.done && in_.done))
          ::shutdown(way.to->socket.get(), SHUT_WR);
        give_pipe_back(way, shop);
        return verdict::wait;
      }
      if (!way.from->readable) {
        give_pipe_back(way, shop);
        return verdict::wait;
      }
      if (
        way.count->load(std::memory_order_relaxed) - moved_before
        >= bytes_a_turn)
        break;
      auto said = way.from->urgent ? copy_urgent(way, shop)
        : way.bulk                 ? fill_pipe(way, shop)
                                   : copy(way, shop);
      if (said == verdict::over)
        return said;
    }
    return verdict::again;
  }

  /// `again`: all that was held has gone on.
  verdict drain(lane& way) {
    if (!way.to->writable)
      return verdict::wait;
    while (way.stash_taken < way.stash.size()) {
      auto sent = ::send(
        way.to->socket.get(), way.stash.data() + way.stash_taken,
        way.stash.size() - way.stash_taken, MSG_NOSIGNAL);
      if (sent < 0)
        return blocked(*way.to);
      way.stash_taken += static_cast<size_t>(sent);
    }
    way.stash = {};
    way.stash_taken = 0;
    while (way.in_pipe > 0) {
      auto moved = ::splice(
        way.pipe->reader.get(), nullptr, way.to->socket.get(), nullptr,
        way.in_pipe, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
      if (moved < 0)
        return blocked(*way.to);
      way.in_pipe -= static_cast<size_t>(moved);
    }
    return verdict::again;
  }

  verdict blocked(side& sink) {
    if (errno != EAGAIN)
      return fail(errno);
    sink.writable = false;
    return verdict::wait;
  }

  verdict hear_read(lane& way, ssize_t got) {
    if (got > 0) {
      way.count->fetch_add(
        static_cast<uint64_t>(got), std::memory_order_relaxed);
      return verdict::again;
    }
    if (got == 0) {
      way.ended = true;
      return verdict::again;
    }
    if (errno != EAGAIN)
      return fail(errno);
    way.from->readable = false;
    return verdict::again;
  }

  verdict copy(lane& way, relay_workshop& shop) {
    auto got = ::recv(
      way.from->socket.get(), shop.buffer.data(), short_read, 0);
    if (auto said = hear_read(way, got); said == verdict::over || got <= 0)
      return said;
    auto size = static_cast<size_t>(got);
    way.bulk = size == short_read;
    // epoll(7): less than was asked for is all that there was.
    if (!way.bulk) {
      way.ended = way.from->hung_up;
      way.from->readable = false;
    }
    return pass_on(way, shop.buffer.data(), size, way.ended ? MSG_MORE : 0);
  }

  /// One read of what is before an urgent byte, or that byte. Reads stop there,
  /// so that a short one says nothing; splices do not get past it.
  verdict copy_urgent(lane& way, relay_workshop& shop) {
    auto socket = way.from->socket.get();
    int reached = 0;
    ::ioctl(socket, SIOCATMARK, &reached);
    auto got = ::recv(
      socket, shop.buffer.data(), reached != 0 ? 1 : short_read, 0);
    if (auto said = hear_read(way, got); said == verdict::over || got <= 0) {
      // It was read before this side was heard of.
      way.from->urgent = false;
      return said;
    }
    if (reached != 0)
      way.from->urgent = false;
    return pass_on(
      way, shop.buffer.data(), static_cast<size_t>(got),
      reached != 0 ? MSG_OOB : 0);
  }

  verdict pass_on(lane& way, const char* bytes, size_t size, int how) {
    auto sent = ::send(way.to->socket.get(), bytes, size, MSG_NOSIGNAL | how);
    if (sent < 0 && errno != EAGAIN)
      return fail(errno);
    auto taken = sent < 0 ? 0 : static_cast<size_t>(sent);
    if (taken < size) {
      way.stash.assign(bytes + taken, bytes + size);
      way.stash_taken = 0;
    }
    return verdict::again;
  }

  verdict fill_pipe(lane& way, relay_workshop& shop) {
    if (!way.pipe)
      way.pipe = shop.pipes.take();
    if (!way.pipe) {
      // Out of descriptors: the bytes are copied for now.
      way.bulk = false;
      return copy(way, shop);
    }
    auto got = ::splice(
      way.from->socket.get(), nullptr, way.pipe->writer.get(), nullptr,
      splice_size, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
    if (auto said = hear_read(way, got); said == verdict::over || got <= 0)
      return said;
    way.in_pipe = static_cast<size_t>(got);
    way.bulk = way.in_pipe >= short_read;
    return verdict::again;
  }

  static void give_pipe_back(lane& way, relay_workshop& shop) {
    if (!way.pipe || way.in_pipe > 0)
      return;
    shop.pipes.give_back(std::move(*way.pipe));
    way.pipe.reset();
  }

  lane out_;
  lane in_;
};

} // namespace

pair::pair(fd guest_socket, fd host_socket) {
  guest.of = this;
  guest.socket = std::move(guest_socket);
  host.of = this;
  host.socket = std::move(host_socket);
}

std::unique_ptr<pair> make_tcp_pair(fd guest, fd host) {
  return std::make_unique<tcp_pair>(std::move(guest), std::move(host));
}

} // namespace pier::net
