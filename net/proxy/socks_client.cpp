#include "net/proxy/socks_client.hpp"

#include <utility>

namespace pier::net {

std::string words_of(socks_status how) {
  switch (how) {
    case socks_status::succeeded:
      return "it says: succeeded";
    case socks_status::failed:
      return "it says: general failure";
    case socks_status::forbidden:
      return "it says: not allowed by its rules";
    case socks_status::network_unreachable:
      return "it says: network unreachable";
    case socks_status::host_unreachable:
      return "it says: host unreachable";
    case socks_status::refused:
      return "it says: connection refused";
    case socks_status::timed_out:
      return "it says: TTL expired";
    case socks_status::unknown_command:
      return "it says: command not supported";
    case socks_status::unknown_address:
      return "it says: address type not supported";
  }
  return "it says: error " + std::to_string(static_cast<int>(how));
}

void socks_client::ask(const socks_request& what, taker done) {
  what_ = what;
  done_ = std::move(done);
  buffer_.clear();
  asked_ = false;
  exchange(
    to_wire(socks_offer{true, by_.has_login()}), read_socks_choice,
    &socks_client::choose_method);
}

void socks_client::choose_method(socks_method how) {
  if (how == socks_method::none)
    return request();
  if (how != socks_method::password || !by_.has_login())
    return fail(
      ec::permission_denied,
      by_.has_login() ? "it takes neither this login nor none"
                      : "it wants a login: write USER:PASSWORD@ before its "
                        "host");
  exchange(
    to_wire(socks_login{by_.user.reveal(), by_.password.reveal()}),
    read_socks_welcome, &socks_client::hear_welcome);
}

void socks_client::hear_welcome(bool right) {
  if (!right)
    return fail(
      ec::permission_denied,
      "it does not take this login: is USER:PASSWORD in its URL right?");
  request();
}

void socks_client::request() {
  asked_ = true;
  exchange(to_wire(what_), read_socks_reply, &socks_client::hear_reply);
}

void socks_client::hear_reply(socks_reply reply) {
  if (reply.how != socks_status::succeeded)
    return fail(ec_of(reply.how), words_of(reply.how));
  std::exchange(done_, nullptr)(std::move(reply.at));
}

template <class T>
void socks_client::exchange(
  std::string words, socks_reading<T> (*parse)(std::string_view),
  void (socks_client::*then)(T)) {
  stream_.write(std::move(words), [this, parse, then](ec why) {
    // Who has hung up may have said why before.
    if (why != ec::ok && why != ec::reset)
      return fail(why, "the connection to it has broken");
    await(parse, then);
  });
}

template <class T>
void socks_client::await(
  socks_reading<T> (*parse)(std::string_view), void (socks_client::*then)(T)) {
  stream_.look([this, parse, then](ec why, std::string_view seen) {
    if (why != ec::ok)
      return fail(why, "the connection to it has broken");
    if (seen.empty())
      return fail(ec::reset, "it has hung up");
    hear(seen, parse, then);
  });
}

template <class T>
void socks_client::hear(
  std::string_view seen, socks_reading<T> (*parse)(std::string_view),
  void (socks_client::*then)(T)) {
  auto before = buffer_.size();
  buffer_.append(seen);
  auto read = parse(buffer_);
  if (!read)
    return fail(ec::bad_request, "its answer is no SOCKS5");
  if (read->size == 0) {
    stream_.take(seen.size());
    if (buffer_.size() > max_socks_message)
      return fail(ec::bad_request, "its answer is no SOCKS5");
    return await(parse, then);
  }
  stream_.take(read->size - before);
  buffer_.clear();
  (this->*then)(std::move(read->what));
}

void socks_client::fail(ec code, const std::string& why) {
  std::exchange(done_, nullptr)(error{code, why});
}

} // namespace pier::net
