#include "net/socks/wire.hpp"

namespace pier::net {

namespace {

constexpr uint8_t version = 5;
constexpr uint8_t login_version = 1;
constexpr size_t longest_text = 255;

enum address_kind : uint8_t { ipv4 = 1, domain_name = 3, ipv6 = 4 };

void put(std::string& to, unsigned byte) {
  to.push_back(static_cast<char>(byte));
}

void put_text(std::string& to, std::string_view text) {
  text = text.substr(0, longest_text);
  put(to, static_cast<unsigned>(text.size()));
  to += text;
}

void put_address(std::string& to, const socks_address& what) {
  if (!what.name.empty()) {
    put(to, domain_name);
    put_text(to, what.name);
  } else {
    auto is_v4 = what.at.ip.is_v4();
    put(to, is_v4 ? ipv4 : ipv6);
    const auto& bytes = what.at.ip.bytes();
    to.append(bytes.begin(), bytes.begin() + (is_v4 ? 4 : 16));
  }
  put(to, what.at.port >> 8U);
  put(to, what.at.port & 0xffU);
}

} // namespace

std::string to_wire(const socks_offer& what) {
  std::string methods;
  if (what.none)
    put(methods, static_cast<unsigned>(socks_method::none));
  if (what.password)
    put(methods, static_cast<unsigned>(socks_method::password));
  std::string out;
  put(out, version);
  put_text(out, methods);
  return out;
}

std::string to_wire(socks_method chosen) {
  std::string out;
  put(out, version);
  put(out, static_cast<unsigned>(chosen));
  return out;
}

std::string to_wire(const socks_login& what) {
  std::string out;
  put(out, login_version);
  put_text(out, what.user);
  put_text(out, what.password);
  return out;
}

std::string socks_welcome(bool right) {
  std::string out;
  put(out, login_version);
  put(out, right ? 0 : 1);
  return out;
}

std::string to_wire(const socks_request& what) {
  std::string out;
  put(out, version);
  put(out, static_cast<unsigned>(what.what));
  put(out, 0);
  put_address(out, what.to);
  return out;
}

std::string to_wire(const socks_reply& what) {
  std::string out;
  put(out, version);
  put(out, static_cast<unsigned>(what.how));
  put(out, 0);
  put_address(out, what.at);
  return out;
}

std::string to_wire(const socks_datagram& head) {
  std::string out;
  put(out, 0);
  put(out, 0);
  put(out, head.fragment);
  put_address(out, head.to);
  return out;
}

} // namespace pier::net
