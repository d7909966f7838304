#include "net/socks/wire.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace pier::net {

namespace {

constexpr uint8_t version = 5;
constexpr uint8_t login_version = 1;

enum address_kind : uint8_t { ipv4 = 1, domain_name = 3, ipv6 = 4 };

/// Reads from the front. What is missing makes it short for good, what cannot
/// be makes it broken.
class reader {
public:
  explicit reader(std::string_view all) : all_(all), left_(all) {}

  uint8_t byte() {
    auto one = take(1);
    return one.empty() ? 0 : static_cast<uint8_t>(one.front());
  }

  void expect(uint8_t what) {
    if (auto found = byte(); !short_ && found != what)
      refuse(ec::bad_request);
  }

  std::string text() {
    return std::string{take(byte())};
  }

  uint16_t port() {
    auto high = byte();
    return static_cast<uint16_t>(high << 8 | byte());
  }

  socks_address address() {
    socks_address out;
    switch (byte()) {
      case ipv4:
        out.at.ip = ip_address::v4(bytes<4>());
        break;
      case ipv6:
        out.at.ip = ip_address::v6(bytes<16>());
        break;
      case domain_name:
        out = name();
        break;
      default:
        refuse(ec::not_supported);
    }
    out.at.port = port();
    return out;
  }

  void refuse(ec why) {
    // The first one that was met.
    if (why_ == ec::ok && !short_)
      why_ = why;
  }

  template <class T>
  socks_reading<T> give(T what) const {
    if (why_ != ec::ok)
      return error{why_, "not a message of SOCKS version 5"};
    if (short_)
      return socks_part<T>{};
    return socks_part<T>{all_.size() - left_.size(), std::move(what)};
  }

private:
  std::string_view take(size_t size) {
    if (size > left_.size() || short_) {
      short_ = true;
      return {};
    }
    auto out = left_.substr(0, size);
    left_.remove_prefix(size);
    return out;
  }

  template <size_t N>
  std::array<uint8_t, N> bytes() {
    std::array<uint8_t, N> out{};
    auto from = take(N);
    std::copy(from.begin(), from.end(), out.begin());
    return out;
  }

  socks_address name() {
    socks_address out;
    out.name = text();
    auto is_odd = [](unsigned char c) { return c <= ' ' || c == 0x7f; };
    if (
      out.name.empty() || std::any_of(out.name.begin(), out.name.end(), is_odd))
      refuse(ec::bad_request);
    if (auto ip = ip_address::parse(out.name)) {
      out.at.ip = *ip;
      out.name.clear();
    }
    return out;
  }

  std::string_view all_;
  std::string_view left_;
  bool short_ = false;
  ec why_ = ec::ok;
};

} // namespace

socks_status socks_status_of(ec why) noexcept {
  switch (why) {
    case ec::ok:
      return socks_status::succeeded;
    case ec::forbidden:
    case ec::permission_denied:
      return socks_status::forbidden;
    case ec::network_unreachable:
      return socks_status::network_unreachable;
    case ec::host_unreachable:
    case ec::no_such_container:
      return socks_status::host_unreachable;
    case ec::refused:
    case ec::reset:
      return socks_status::refused;
    case ec::timed_out:
      return socks_status::timed_out;
    case ec::not_supported:
      return socks_status::unknown_command;
    default:
      return socks_status::failed;
  }
}

ec ec_of(socks_status how) noexcept {
  switch (how) {
    case socks_status::succeeded:
      return ec::ok;
    case socks_status::forbidden:
      return ec::forbidden;
    case socks_status::network_unreachable:
      return ec::network_unreachable;
    case socks_status::host_unreachable:
      return ec::host_unreachable;
    case socks_status::refused:
      return ec::refused;
    case socks_status::timed_out:
      return ec::timed_out;
    case socks_status::unknown_command:
    case socks_status::unknown_address:
      return ec::not_supported;
    default:
      return ec::failed;
  }
}

socks_reading<socks_offer> read_socks_offer(std::string_view bytes) {
  reader in{bytes};
  in.expect(version);
  socks_offer out;
  for (auto each : in.text()) {
    auto method = static_cast<socks_method>(each);
    out.none = out.none || method == socks_method::none;
    out.password = out.password || method == socks_method::password;
  }
  return in.give(out);
}

socks_reading<socks_method> read_socks_choice(std::string_view bytes) {
  reader in{bytes};
  in.expect(version);
  return in.give(static_cast<socks_method>(in.byte()));
}

socks_reading<socks_login> read_socks_login(std::string_view bytes) {
  reader in{bytes};
  in.expect(login_version);
  socks_login out;
  out.user = in.text();
  out.password = in.text();
  return in.give(std::move(out));
}

socks_reading<bool> read_socks_welcome(std::string_view bytes) {
  reader in{bytes};
  // Some servers answer with the version of SOCKS: only the status counts.
  in.byte();
  return in.give(in.byte() == 0);
}

socks_reading<socks_request> read_socks_request(std::string_view bytes) {
  reader in{bytes};
  in.expect(version);
  socks_request out;
  out.what = static_cast<socks_command>(in.byte());
  in.expect(0);
  out.to = in.address();
  return in.give(std::move(out));
}

socks_reading<socks_reply> read_socks_reply(std::string_view bytes) {
  reader in{bytes};
  in.expect(version);
  socks_reply out;
  out.how = static_cast<socks_status>(in.byte());
  // Whatever stands in the byte that is reserved.
  in.byte();
  out.at = in.address();
  return in.give(std::move(out));
}

socks_reading<socks_datagram> read_socks_datagram(std::string_view bytes) {
  reader in{bytes};
  in.expect(0);
  in.expect(0);
  socks_datagram out;
  out.fragment = in.byte();
  out.to = in.address();
  return in.give(std::move(out));
}

} // namespace pier::net
