#include "net/sandbox/shim_channel.hpp"

#include "net/sandbox/refusal.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace pier::net::box {

namespace {

constexpr int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;

constexpr size_t control_bytes = CMSG_SPACE(sizeof(int) * max_descriptors)
  + CMSG_SPACE(sizeof(ucred));

/// Takes over whatever came along, wanted or not.
void take_control(msghdr& header, parcel& out) {
  for (auto* part = CMSG_FIRSTHDR(&header); part != nullptr;
       part = CMSG_NXTHDR(&header, part)) {
    if (part->cmsg_level != SOL_SOCKET)
      continue;
    auto size = part->cmsg_len - CMSG_LEN(0);
    if (part->cmsg_type == SCM_RIGHTS)
      for (size_t at = 0; at + sizeof(int) <= size; at += sizeof(int)) {
        int number = -1;
        std::memcpy(&number, CMSG_DATA(part) + at, sizeof(number));
        out.descriptors.emplace_back(number);
      }
    else if (part->cmsg_type == SCM_CREDENTIALS && size >= sizeof(ucred)) {
      ucred from{};
      std::memcpy(&from, CMSG_DATA(part), sizeof(from));
      out.sender = from.pid;
    }
  }
}

} // namespace

result<std::pair<fd, fd>> make_channel() {
  int both[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, both) != 0)
    return refusal(errno, "socket pair for a sandbox");
  return std::pair{fd{both[0]}, fd{both[1]}};
}

result<void>
send(int socket, const saying& what, std::initializer_list<int> descriptors) {
  auto bytes = encode(what);
  iovec part{bytes.data(), bytes.size()};
  alignas(cmsghdr) std::array<char, control_bytes> control{};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  if (descriptors.size() > max_descriptors)
    return error{ec::failed, "too many descriptors for one packet"};
  if (descriptors.size() != 0) {
    auto size = descriptors.size() * sizeof(int);
    header.msg_control = control.data();
    header.msg_controllen = CMSG_SPACE(size);
    auto* rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(size);
    std::memcpy(CMSG_DATA(rights), descriptors.begin(), size);
  }
  for (;;) {
    if (::sendmsg(socket, &header, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0)
      return {};
    if (errno != EINTR)
      return refusal(errno, "message of a sandbox");
  }
}

reception receive(int socket, parcel& out, bool wait) {
  out = {};
  std::array<char, max_saying> bytes;
  alignas(cmsghdr) std::array<char, control_bytes> control{};
  iovec part{bytes.data(), bytes.size()};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control.data();
  header.msg_controllen = control.size();
  ssize_t size = 0;
  do
    size = ::recvmsg(
      socket, &header, MSG_CMSG_CLOEXEC | (wait ? 0 : MSG_DONTWAIT));
  // A peer that ends with something of ours unread is announced by one
  // ECONNRESET, ahead of what it said before its end.
  while (size < 0 && (errno == EINTR || errno == ECONNRESET));
  if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
    return reception::nothing;
  if (size <= 0)
    return reception::closed;
  take_control(header, out);
  if ((header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0)
    return reception::closed;
  auto said = decode_saying({bytes.data(), static_cast<size_t>(size)});
  if (!said)
    return reception::closed;
  out.said = std::move(*said);
  return reception::parcel;
}

result<fd> seal(std::string_view text) {
  fd memory{::memfd_create("pier-plan", MFD_CLOEXEC | MFD_ALLOW_SEALING)};
  if (!memory)
    return refusal(errno, "memory for a sandbox's plan");
  for (size_t at = 0; at < text.size();) {
    auto size = ::write(memory.get(), text.data() + at, text.size() - at);
    if (size < 0 && errno == EINTR)
      continue;
    if (size <= 0)
      return refusal(size < 0 ? errno : ENOSPC, "plan of a sandbox");
    at += static_cast<size_t>(size);
  }
  if (::fcntl(memory.get(), F_ADD_SEALS, seals) != 0)
    return refusal(errno, "sealing a sandbox's plan");
  return memory;
}

result<fd> seal(const plan& what) {
  auto text = encode(what);
  if (text.size() > max_plan_bytes)
    return error{
      ec::bad_request,
      "command " + what.command.at(0)
        + ": argument list too long; shorten its arguments or environment"};
  return seal(std::string_view{text});
}

result<std::string> unseal_text(int memory) {
  int have = ::fcntl(memory, F_GET_SEALS);
  struct stat about {};
  if (have < 0 || (have & seals) != seals || ::fstat(memory, &about) != 0)
    return error{ec::bad_request, "plan does not come in a sealed memfd"};
  auto length = static_cast<size_t>(std::max<off_t>(about.st_size, 0));
  if (length > max_plan_bytes)
    return error{ec::bad_request, "plan is too long"};
  std::string text(length, '\0');
  for (size_t at = 0; at < length;) {
    auto size = ::pread(
      memory, text.data() + at, length - at, static_cast<off_t>(at));
    if (size < 0 && errno == EINTR)
      continue;
    if (size <= 0)
      return refusal(size < 0 ? errno : EIO, "plan of a sandbox");
    at += static_cast<size_t>(size);
  }
  return text;
}

result<void> send_files(int socket, const plan& what) {
  auto hosts = seal(std::string_view{what.hosts});
  auto resolv_conf = seal(std::string_view{what.resolv_conf});
  if (!hosts || !resolv_conf)
    return hosts ? resolv_conf.error() : hosts.error();
  return send(
    socket, {word::files, 0, ec::ok, {}}, {hosts->get(), resolv_conf->get()});
}

bool read_files(const parcel& got, plan& what) {
  if (got.descriptors.size() != 2)
    return false;
  auto hosts = unseal_text(got.descriptors[0].get());
  auto resolv_conf = unseal_text(got.descriptors[1].get());
  if (!hosts || !resolv_conf)
    return false;
  what.hosts = std::move(*hosts);
  what.resolv_conf = std::move(*resolv_conf);
  return true;
}

result<plan> unseal(int memory) {
  auto text = unseal_text(memory);
  if (!text)
    return text.error();
  return decode_plan(*text);
}

} // namespace pier::net::box
