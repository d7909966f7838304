#include "tools/pier/console/remote_way.hpp"

#include "net/console/bridge.hpp"
#include "net/console/tls_stream.hpp"
#include "net/no_signals.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>

namespace pier::cli {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::chrono::seconds patience{10};

result<tcp::socket> reach(asio::io_context& io, const std::string& where) {
  auto [host, port] = split_host_port(where);
  if (host.empty())
    return error{
      ec::bad_request, "\"" + where + "\" is no HOST:PORT of a daemon"};
  error_code why;
  tcp::resolver resolver{io};
  auto places = resolver.resolve(host, port, why);
  tcp::socket made{io};
  if (!why) {
    why = asio::error::timed_out;
    asio::async_connect(
      made, places,
      [&why](const error_code& how, const tcp::endpoint&) { why = how; });
    io.run_for(patience);
  }
  if (why)
    return error{
      from_errno(why.value()), "cannot reach " + where + ": " + why.message()};
  return made;
}

} // namespace

std::pair<std::string, std::string> split_host_port(const std::string& text) {
  auto cut = text.rfind(':');
  if (cut == std::string::npos || cut == 0 || cut + 1 == text.size())
    return {};
  auto host = text.substr(0, cut);
  if (host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  else if (host.find(':') != std::string::npos)
    return {};
  return {host, text.substr(cut + 1)};
}

result<std::unique_ptr<remote_way>>
remote_way::open(const std::string& where, const std::string& bundle) {
  auto ours = net::read_bundle(bundle);
  if (!ours)
    return ours.error();
  auto tls = net::make_client_context(*ours);
  if (!tls)
    return tls.error();
  std::unique_ptr<remote_way> made{new remote_way};
  auto socket = reach(made->io_, where);
  if (!socket)
    return socket.error();
  net::bridge::limits bounds;
  bounds.gated = false;
  auto way = std::make_shared<net::bridge>(
    made->io_, net::make_tls_stream(std::move(*socket), *tls), bounds);
  auto settled = false;
  way->on_known = [&](const std::string&, net::fd ours_now) {
    made->socket_ = std::move(ours_now);
    settled = true;
  };
  error refusal;
  way->on_end = [&](const error& why) {
    refusal = why;
    settled = true;
  };
  way->start();
  made->io_.restart();
  while (!settled && made->io_.run_one() > 0) {}
  way->on_known = nullptr;
  way->on_end = nullptr;
  if (!made->socket_)
    return error{
      ec::permission_denied,
      where + " and this bundle do not belong together: " + refusal.text};
  net::no_signals while_it_starts;
  made->thread_ = std::thread{[io = &made->io_] {
    io->restart();
    io->run();
  }};
  return made;
}

remote_way::~remote_way() {
  io_.stop();
  if (thread_.joinable())
    thread_.join();
}

} // namespace pier::cli
