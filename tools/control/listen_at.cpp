#include "tools/control/listen_at.hpp"

#include "tools/control/runtime_dir.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace pier::control {

result<net::fd> listen_at(const std::string& path, const std::string& called) {
  auto failed = [&](const char* what) {
    auto number = errno;
    return error{
      from_errno(number),
      std::string{"cannot "} + what + " " + called + " " + path + ": "
        + std::strerror(number)};
  };
  auto young = path + ".new";
  if (auto fits = check_socket_path(young); !fits)
    return fits.error();
  net::fd made{
    ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  // The mode of the socket before bind becomes that of its name.
  if (!made || ::fchmod(made.get(), 0600) != 0)
    return failed("make");
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  std::memcpy(at.sun_path, young.data(), young.size());
  ::unlink(young.c_str());
  if (::bind(made.get(), reinterpret_cast<sockaddr*>(&at), sizeof(at)) != 0)
    return failed("bind");
  if (
    ::listen(made.get(), 128) != 0
    || ::rename(young.c_str(), path.c_str()) != 0) {
    auto why = failed("open");
    ::unlink(young.c_str());
    return why;
  }
  return made;
}

} // namespace pier::control
