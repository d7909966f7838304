#include "tools/bench.d/load/via.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <string_view>

namespace load {

namespace {

constexpr std::string_view schemes[] = {"socks5://", "http://"};

/// The address as it stands in packets, and the port after it.
std::string wire(const place& at) {
  auto piece = [](const auto& of) {
    return std::string{reinterpret_cast<const char*>(&of), sizeof(of)};
  };
  if (at.address.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(at.address);
    return piece(v6.sin6_addr) + piece(v6.sin6_port);
  }
  const auto& v4 = reinterpret_cast<const sockaddr_in&>(at.address);
  return piece(v4.sin_addr) + piece(v4.sin_port);
}

bool say(int client, std::string_view text) {
  return ::write(client, text.data(), text.size())
    == static_cast<ssize_t>(text.size());
}

bool hear(int client, char* into, size_t size) {
  return ::recv(client, into, size, MSG_WAITALL) == static_cast<ssize_t>(size);
}

bool ask_socks(int client, const place& to) {
  using namespace std::string_view_literals;
  std::array<char, 18> text{};
  if (
    !say(client, "\5\1\0"sv) || !hear(client, text.data(), 2)
    || std::string_view{text.data(), 2} != "\5\0"sv)
    return false;
  auto is_v6 = to.address.ss_family == AF_INET6;
  std::string ask{is_v6 ? "\5\1\0\4"sv : "\5\1\0\1"sv};
  if (
    !say(client, ask + wire(to)) || !hear(client, text.data(), 4)
    || text[1] != 0)
    return false;
  return hear(client, text.data(), text[3] == 4 ? 18 : 6);
}

/// Whom it leads to says nothing unasked: what comes is the proxy's alone.
bool ask_http(int client, const place& to) {
  auto name = authority(to);
  if (!say(
        client, "CONNECT " + name + " HTTP/1.1\r\nHost: " + name + "\r\n\r\n"))
    return false;
  std::string said;
  std::array<char, 1024> text{};
  while (!said.ends_with("\r\n\r\n")) {
    auto got = ::read(client, text.data(), text.size());
    if (got <= 0)
      return false;
    said.append(text.data(), static_cast<size_t>(got));
  }
  return said.starts_with("HTTP/1.") && said.substr(8, 4) == " 200";
}

} // namespace

proxy parse_proxy(const std::string& url) {
  for (auto speaks : {dialect::socks5, dialect::http}) {
    auto scheme = schemes[static_cast<size_t>(speaks)];
    auto colon = url.rfind(':');
    if (!url.starts_with(scheme) || colon < scheme.size())
      continue;
    auto address = url.substr(scheme.size(), colon - scheme.size());
    auto port = std::strtoul(url.c_str() + colon + 1, nullptr, 10);
    return {speaks, parse(address, static_cast<unsigned>(port))};
  }
  errno = EINVAL;
  give_up(url);
}

std::string authority(const place& at) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (at.address.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(at.address);
    ::inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
    return "[" + std::string{text.data()}
    + "]:" + std::to_string(ntohs(v6.sin6_port));
  }
  const auto& v4 = reinterpret_cast<const sockaddr_in&>(at.address);
  ::inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
  return std::string{text.data()} + ":" + std::to_string(ntohs(v4.sin_port));
}

int reach(const route& by) {
  const auto& first = by.by ? by.by->at : by.to;
  auto client = make_socket(first, SOCK_STREAM);
  if (
    ::connect(client, first.raw(), first.size) == 0
    && (!by.by || (by.by->speaks == dialect::http ? ask_http(client, by.to) : ask_socks(client, by.to))))
    return client;
  ::close(client);
  return -1;
}

} // namespace load
