#include "net/audit/descriptor.hpp"

#include "net/socket_address.hpp"

#include <fcntl.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <utility>

namespace pier::net {

namespace {

int option(int socket, int name) {
  int value = 0;
  socklen_t size = sizeof(value);
  return ::getsockopt(socket, SOL_SOCKET, name, &value, &size) == 0 ? value
                                                                    : -1;
}

/// The name of a Unix socket; an abstract one begins with "@".
std::string path_of(const sockaddr_un& at, socklen_t size) {
  constexpr auto front = offsetof(sockaddr_un, sun_path);
  if (size <= front)
    return {};
  std::string out{at.sun_path, size - front};
  if (out.front() == '\0') {
    out.front() = '@';
    return out;
  }
  return out.substr(0, out.find('\0'));
}

using asker = int (*)(int, sockaddr*, socklen_t*);

void ask(
  const descriptor& of, asker whom, std::optional<endpoint>& at,
  std::string& path) {
  socket_address found;
  if (whom(of.number, found.data(), &found.size) != 0)
    return;
  auto family = found.storage.ss_family;
  if (family == AF_INET || family == AF_INET6) {
    at = from_kernel(found);
  } else if (family == AF_UNIX) {
    sockaddr_un name{};
    std::memcpy(&name, &found.storage, sizeof(name));
    path = path_of(name, found.size);
  }
}

void look_at_socket(descriptor& out) {
  out.family = option(out.number, SO_DOMAIN);
  out.protocol = option(out.number, SO_PROTOCOL);
  out.listens = option(out.number, SO_ACCEPTCONN) > 0;
  if (out.family == AF_PACKET) {
    sockaddr_ll at{};
    socklen_t size = sizeof(at);
    if (::getsockname(out.number, reinterpret_cast<sockaddr*>(&at), &size) == 0)
      out.link = at.sll_ifindex;
    return;
  }
  ask(out, ::getsockname, out.own, out.path);
  ask(out, ::getpeername, out.peer, out.peer_path);
}

std::string family_name(const descriptor& of) {
  switch (of.family) {
    case AF_INET:
    case AF_INET6:
      return of.protocol == IPPROTO_TCP ? "tcp"
        : of.protocol == IPPROTO_UDP    ? "udp"
                                        : "icmp";
    case AF_UNIX:
      return "unix";
    case AF_NETLINK:
      return "netlink";
    case AF_PACKET:
      return "packet";
    default:
      return of.target;
  }
}

} // namespace

uint64_t descriptor::inode() const {
  auto open = target.find('[');
  uint64_t out = 0;
  if (open != std::string::npos)
    std::from_chars(
      target.data() + open + 1, target.data() + target.size(), out);
  return out;
}

std::string to_string(const descriptor& of) {
  auto out = std::to_string(of.number) + " "
    + (of.is_socket() && of.family >= 0 ? family_name(of) : of.target);
  if (of.own && (of.own->port != 0 || !of.own->ip.is_any()))
    out += " " + to_string(*of.own);
  if (of.peer)
    out += " to " + to_string(*of.peer);
  if (!of.path.empty())
    out += " " + of.path;
  else if (!of.peer_path.empty())
    out += " to " + of.peer_path;
  return out + (of.listens ? " listening" : "");
}

std::vector<descriptor> descriptors_of(int process) {
  namespace fs = std::filesystem;
  auto folder = process == 0 ? std::string{"/proc/self/fd"}
                             : "/proc/" + std::to_string(process) + "/fd";
  std::vector<descriptor> out;
  std::error_code why;
  for (fs::directory_iterator at{folder, why}, end; !why && at != end;
       at.increment(why)) {
    auto name = at->path().filename().string();
    std::error_code gone;
    auto target = fs::read_symlink(at->path(), gone);
    descriptor each;
    std::from_chars(name.data(), name.data() + name.size(), each.number);
    each.target = target.string();
    // The folder itself is open meanwhile.
    if (
      !gone
      && !(each.target.starts_with("/proc/") && each.target.ends_with("/fd")))
      out.push_back(std::move(each));
  }
  return out;
}

std::vector<descriptor> own_descriptors() {
  auto out = descriptors_of(0);
  for (auto& each : out)
    if (each.is_socket())
      look_at_socket(each);
    else if (each.target.starts_with("pipe:["))
      each.room = ::fcntl(each.number, F_GETPIPE_SZ);
  return out;
}

} // namespace pier::net
