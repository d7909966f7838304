#include "net/console/local_stream.hpp"

#include <boost/asio/post.hpp>

#include <sys/socket.h>
#include <unistd.h>

namespace pier::net {

namespace asio = boost::asio;

namespace {

class local_stream : public console_stream {
public:
  explicit local_stream(asio::local::stream_protocol::socket peer)
    : peer_(std::move(peer)) {}

  void identify(known then) override {
    ucred who{};
    socklen_t size = sizeof(who);
    auto asked = ::getsockopt(
      peer_.native_handle(), SOL_SOCKET, SO_PEERCRED, &who, &size);
    boost::system::error_code why;
    if (asked != 0 || (who.uid != 0 && who.uid != ::geteuid()))
      why = asio::error::access_denied;
    auto name = "user " + std::to_string(who.uid) + ", process "
      + std::to_string(who.pid);
    asio::post(
      peer_.get_executor(),
      [then = std::move(then), why, name = std::move(name)] {
        then(why, name);
      });
  }

  void read(asio::mutable_buffer into, done then) override {
    peer_.async_read_some(into, std::move(then));
  }
  void write(asio::const_buffer from, done then) override {
    peer_.async_write_some(from, std::move(then));
  }
  void close() override {
    boost::system::error_code ignored;
    peer_.close(ignored);
  }

private:
  asio::local::stream_protocol::socket peer_;
};

} // namespace

std::unique_ptr<console_stream>
make_local_stream(asio::local::stream_protocol::socket peer) {
  return std::make_unique<local_stream>(std::move(peer));
}

} // namespace pier::net
