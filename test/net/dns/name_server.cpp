#include "test/net/dns/name_server.hpp"

#include "test/net/dns/message.hpp"

#include <boost/asio/write.hpp>

namespace pier::trials {

namespace {

using boost::asio::ip::tcp;
using boost::asio::ip::udp;
using outcome = boost::system::error_code;

const auto loopback = boost::asio::ip::address_v4::loopback();

} // namespace

name_server::name_server(boost::asio::io_context& io, script says)
  : says_(std::move(says)), udp_(io), tcp_(io) {
  // The kernel chooses a port for UDP; that of TCP may be somebody's.
  for (int tries = 0;; ++tries) {
    udp_ = udp::socket{io, udp::endpoint{loopback, 0}};
    tcp_ = tcp::acceptor{io, tcp::v4()};
    outcome why;
    tcp_.bind({loopback, udp_.local_endpoint().port()}, why);
    if (!why)
      break;
    if (tries == 100)
      throw boost::system::system_error{why};
  }
  tcp_.listen();
  await_udp();
  await_tcp();
}

endpoint name_server::at() const {
  return {ip_address::loopback(family::v4), udp_.local_endpoint().port()};
}

void name_server::await_udp() {
  udp_.async_receive_from(
    boost::asio::buffer(buffer_), asker, [this](outcome why, size_t size) {
      if (why)
        return;
      heard what{{buffer_.begin(), buffer_.begin() + size}, false};
      questions.push_back(what);
      for (const auto& each : says_(what))
        udp_.send_to(boost::asio::buffer(each), asker);
      await_udp();
    });
}

void name_server::await_tcp() {
  tcp_.async_accept([this](outcome why, tcp::socket guest) {
    if (why)
      return;
    serve(std::make_shared<tcp::socket>(std::move(guest)));
    await_tcp();
  });
}

void name_server::serve(const std::shared_ptr<tcp::socket>& guest) {
  auto bytes = std::make_shared<std::array<uint8_t, 4096>>();
  guest->async_read_some(
    boost::asio::buffer(*bytes),
    [this, guest, bytes](outcome why, size_t size) {
      // A question comes in one segment.
      if (why || size < 2)
        return;
      heard what{{bytes->begin() + 2, bytes->begin() + size}, true};
      questions.push_back(what);
      net::dns_bytes out;
      for (const auto& each : says_(what)) {
        auto frame = framed(each);
        out.insert(out.end(), frame.begin(), frame.end());
      }
      outcome ignored;
      boost::asio::write(*guest, boost::asio::buffer(out), ignored);
      serve(guest);
    });
}

} // namespace pier::trials
