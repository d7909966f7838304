#include "tools/pier/capture/recorder.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <utility>

namespace pier::cli {

namespace asio = boost::asio;
using boost::system::error_code;
using descriptor = asio::posix::stream_descriptor;

namespace {

/// What a supervisor has to say at the end is a sentence.
constexpr size_t longest_words = 512;

/// Of a reader, when it is to be over.
constexpr std::chrono::seconds patience{2};

/// Whether the kernel has told, once, that the link is gone.
bool is_broken(int socket) {
  int number = 0;
  socklen_t size = sizeof(number);
  return ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &number, &size) == 0
    && number != 0;
}

} // namespace

recorder::recorder(
  asio::io_context& io, net::packet_ring ring, net::fd line, output to,
  uint64_t most)
  : ring_(std::move(ring)),
    out_(std::move(to)),
    most_(most),
    packets_(io, ::fcntl(ring_.socket(), F_DUPFD_CLOEXEC, 3)),
    line_(io, line.release()),
    settled_(io) {}

void recorder::start(
  std::string front, std::function<void(const error&)> over) {
  over_ = std::move(over);
  await_line();
  write(std::move(front));
}

void recorder::write(std::string text) {
  out_.write(std::move(text), [this](const error& how) {
    if (how.code != ec::ok)
      return finish(how);
    if (closed_)
      return finish(why_);
    go_on();
  });
}

/// The next block, or the wait for one.
void recorder::go_on() {
  if (!over_ || out_.busy())
    return;
  std::string text;
  auto add = [&](const net::captured_packet& each) {
    if (most_ != 0 && captured_ >= most_)
      return;
    ++captured_;
    last_time_ = each.nanoseconds;
    net::add_packet(text, each);
  };
  auto enough = [this] { return most_ != 0 && captured_ >= most_; };
  auto more = !enough() && ring_.take(add);
  if (enough() && !std::exchange(ending_, true))
    ring_.deafen();
  if (more)
    return write(std::move(text));
  if (quiet_ || enough()) {
    closed_ = true;
    return write(net::pcapng_end(last_time_, captured_, dropped()));
  }
  await_packets();
}

void recorder::await_packets() {
  packets_.async_wait(descriptor::wait_read, [this](const error_code& why) {
    if (why)
      return;
    if (is_broken(ring_.socket()))
      lose_link();
    go_on();
  });
}

void recorder::lose_link() {
  // The line may have a better word for it, a moment later.
  close({ec::stopped, "its link is gone"});
}

void recorder::await_line() {
  line_.async_wait(descriptor::wait_read, [this](const error_code& why) {
    if (!why)
      hear_line();
  });
}

void recorder::hear_line() {
  std::array<char, longest_words> bytes{};
  auto count = ::recv(
    line_.native_handle(), bytes.data(), bytes.size(), MSG_DONTWAIT);
  if (count > 0) {
    last_words_.append(bytes.data(), static_cast<size_t>(count));
    last_words_.resize(std::min(last_words_.size(), longest_words));
    return await_line();
  }
  auto words = last_words_.empty()
    ? std::string{"somebody has ended it, or pierd has ended"}
    : last_words_;
  if (ending_ && why_.code == ec::stopped)
    why_.text = words;
  close({ec::stopped, words});
}

void recorder::end() {
  if (ending_)
    return finish({ec::ok, {}});
  close({ec::ok, {}});
}

/// Nothing more is let in; what is there settles within a moment.
void recorder::close(error why) {
  if (std::exchange(ending_, true))
    return;
  why_ = std::move(why);
  ring_.deafen();
  settled_.expires_after(
    std::chrono::milliseconds{net::packet_ring::settling_milliseconds});
  settled_.async_wait([this](const error_code& stopped) {
    if (!stopped)
      settle();
  });
}

void recorder::settle() {
  quiet_ = true;
  settled_.expires_after(patience);
  settled_.async_wait([this](const error_code& stopped) {
    if (!stopped)
      finish(why_);
  });
  packets_.cancel();
  go_on();
}

void recorder::finish(const error& how) {
  if (!over_)
    return;
  settled_.cancel();
  packets_.close();
  line_.close();
  std::exchange(over_, nullptr)(how);
}

} // namespace pier::cli
