#include "test/platform/scenery.hpp"

#include "net/link/netlink.hpp"
#include "net/socket_address.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace pier::platform {

namespace {

constexpr int patience = 10000;

bool write_file(const char* path, const std::string& text) {
  net::fd file{::open(path, O_WRONLY | O_CLOEXEC)};
  return ::write(file.get(), text.data(), text.size())
    == static_cast<ssize_t>(text.size());
}

std::string enter() {
  auto uid = std::to_string(::geteuid());
  auto gid = std::to_string(::getegid());
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
    return std::string{"no user namespace with a network: "}
    + std::strerror(errno);
  if (
    !write_file("/proc/self/setgroups", "deny")
    || !write_file("/proc/self/uid_map", "0 " + uid + " 1")
    || !write_file("/proc/self/gid_map", "0 " + gid + " 1"))
    return std::string{"no ids in a user namespace: "} + std::strerror(errno);
  auto links = net::netlink::open();
  if (!links)
    return links.error().text;
  auto up = links->set_up("lo");
  return up ? "" : up.error().text;
}

} // namespace

const std::string& refusal() {
  static const std::string why = enter();
  return why;
}

endpoint loopback(family kind, uint16_t port) {
  return {ip_address::loopback(kind), port};
}

net::fd make_socket(family kind, int type) {
  net::fd made{
    ::socket(net::domain_of(kind), type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  REQUIRE(made);
  return made;
}

void set(const net::fd& socket, int level, int name, int value) {
  REQUIRE(::setsockopt(socket.get(), level, name, &value, sizeof(value)) == 0);
}

int bind_to(const net::fd& socket, const endpoint& at) {
  auto address = net::to_kernel(at);
  return ::bind(socket.get(), address.data(), address.size) == 0 ? 0 : errno;
}

int connect_to(const net::fd& socket, const endpoint& to) {
  auto address = net::to_kernel(to);
  return ::connect(socket.get(), address.data(), address.size) == 0 ? 0 : errno;
}

endpoint own_address(const net::fd& socket) {
  net::socket_address at;
  ::getsockname(socket.get(), at.data(), &at.size);
  return net::from_kernel(at);
}

std::optional<int> outcome(const net::fd& socket) {
  pollfd look{socket.get(), POLLOUT, 0};
  if (::poll(&look, 1, patience) != 1)
    return std::nullopt;
  int why = 0;
  socklen_t size = sizeof(why);
  ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &why, &size);
  return why;
}

std::optional<int> try_connect(const endpoint& to) {
  auto made = make_socket(to.ip.kind(), SOCK_STREAM);
  auto said = connect_to(made, to);
  return said == EINPROGRESS ? outcome(made) : said;
}

net::fd accept_from(const net::fd& listener) {
  REQUIRE(readable(listener));
  net::fd made{
    ::accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
  REQUIRE(made);
  return made;
}

bool send(const net::fd& socket, const std::string& text) {
  return ::send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL)
    == static_cast<ssize_t>(text.size());
}

std::optional<std::string> receive(const net::fd& socket) {
  if (!readable(socket)) {
    errno = ETIMEDOUT;
    return std::nullopt;
  }
  std::array<char, 4096> out{};
  auto got = ::recv(socket.get(), out.data(), out.size(), 0);
  if (got < 0)
    return std::nullopt;
  return std::string{out.data(), static_cast<size_t>(got)};
}

bool readable(const net::fd& socket, int milliseconds) {
  pollfd look{socket.get(), POLLIN, 0};
  return ::poll(&look, 1, milliseconds) == 1;
}

int in_a_child(const std::function<int()>& what) {
  auto child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0)
    ::_exit(what());
  auto status = reap(child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int reap(int child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  return status;
}

} // namespace pier::platform
