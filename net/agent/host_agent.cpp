#include "net/agent/host_agent.hpp"

#include "net/socket_address.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

namespace pier::net {

namespace {

constexpr auto usual = {
  "/ssh-agent.socket", "/openssh_agent",         "/gcr/ssh",
  "/keyring/ssh",      "/gnupg/S.gpg-agent.ssh",
};

} // namespace

std::vector<std::string>
agent_places(const std::string& chosen, const environment& from) {
  if (chosen.starts_with("~/"))
    return {from("HOME") + chosen.substr(1)};
  if (chosen != "auto")
    return {chosen};
  std::vector<std::string> out;
  if (auto told = from("SSH_AUTH_SOCK"); !told.empty())
    out.push_back(std::move(told));
  if (auto runtime = from("XDG_RUNTIME_DIR"); !runtime.empty())
    for (const auto* each : usual)
      out.push_back(runtime + each);
  return out;
}

result<fd> dial_agent(const std::vector<std::string>& places) {
  error why{
    ec::refused,
    "no SSH agent: SSH_AUTH_SOCK is not set here; start ssh-agent, or name its "
    "socket by ssh_agent.socket"};
  for (const auto& each : places) {
    fd socket{::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    auto number = ENAMETOOLONG;
    if (each.size() < sizeof(sockaddr_un::sun_path)) {
      auto at = to_kernel(each);
      if (socket && ::connect(socket.get(), at.data(), at.size) == 0)
        return socket;
      number = errno;
    }
    if (&each == &places.front())
      why = {
        from_errno(number),
        "no SSH agent at " + each + ": " + std::strerror(number)
          + "; start it, or name its socket by ssh_agent.socket"};
  }
  return why;
}

} // namespace pier::net
