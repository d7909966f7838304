#include "net/http/connect_client.hpp"

#include "net/http/tunnel_opened.hpp"
#include "net/stream_options.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <string_view>
#include <utility>

namespace pier::net {

namespace {

constexpr std::chrono::seconds patience{1};
/// A longer head is nothing that needs to be quick.
constexpr size_t longest = 4096;

} // namespace

connect_client::connect_client(
  boost::asio::io_context& io, fd client, ears told)
  : io_(io),
    client_(std::move(client)),
    told_(std::move(told)),
    patience_(io) {}

connect_client::~connect_client() {
  if (client_)
    reset_on_close(take().get());
}

void connect_client::begin() {
  look();
}

void connect_client::look() {
  std::array<char, longest> room{};
  auto got = ::recv(
    client_.get(), room.data(), room.size(), MSG_PEEK | MSG_DONTWAIT);
  if (got < 0 && errno == EAGAIN)
    return await();
  leave();
  std::string_view text{room.data(), got > 0 ? static_cast<size_t>(got) : 0};
  auto size = text.starts_with("CONNECT ") ? find_head_end(text) : 0;
  if (size == 0)
    return told_.other();
  auto head = read_request(text.substr(0, size));
  if (!head || head->what.what != proxy_request::kind::connect)
    return told_.other();
  head_size_ = size;
  told_.asked(std::move(*head));
}

void connect_client::await() {
  if (!std::exchange(is_waited_for_, true)) {
    patience_.expires_after(patience);
    patience_.async_wait(
      life_.guard([this](const boost::system::error_code& why) {
        if (why || !is_waited_for_)
          return;
        leave();
        told_.other();
      }));
  }
  wait_ = readiness::of(io_).await(
    client_.get(), readiness::want::read, [this](bool) { look(); });
}

void connect_client::leave() {
  wait_ = {};
  if (!std::exchange(is_waited_for_, false))
    return;
  patience_.cancel();
  readiness::of(io_).part(client_.get());
}

fd connect_client::take() {
  leave();
  return std::move(client_);
}

fd connect_client::open() {
  std::array<char, longest> room{};
  ::recv(client_.get(), room.data(), head_size_, MSG_DONTWAIT);
  // A fresh socket has room for it. One that is broken is the relay's news.
  ::send(
    client_.get(), tunnel_opened.data(), tunnel_opened.size(),
    MSG_DONTWAIT | MSG_NOSIGNAL);
  return take();
}

} // namespace pier::net
