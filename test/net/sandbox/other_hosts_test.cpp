#include "test/net/sandbox/scratch.hpp"
#include "test/net/sandbox/trial.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

using namespace pier::net;
using namespace pier::net::trials;

namespace {

/// What `what` returns in a fork of ours, told through a pipe.
template <class F>
std::string told_by_child(F what) {
  int pipe[2];
  REQUIRE(::pipe2(pipe, O_CLOEXEC) == 0);
  fd hear{pipe[0]};
  fd tell{pipe[1]};
  auto child = ::fork();
  if (child == 0) {
    std::string text = what();
    static_cast<void>(!::write(tell.get(), text.data(), text.size()));
    ::_exit(0);
  }
  tell.reset();
  std::string out(4096, '\0');
  size_t at = 0;
  for (ssize_t size = 1; size > 0 && at < out.size(); at += size_t(size))
    size = std::max<ssize_t>(
      ::read(hear.get(), out.data() + at, out.size() - at), 0);
  out.resize(at);
  ::waitpid(child, nullptr, 0);
  return out;
}

/// In a mount namespace of its own, this machine becomes one with an empty
/// /run and an /etc that can be changed. Nothing of it touches a disk.
bool become_another_host() {
  if (
    ::unshare(CLONE_NEWNS) != 0
    || ::mount("", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0
    || ::mount("tmpfs", "/run", "tmpfs", 0, nullptr) != 0)
    return false;
  std::filesystem::create_directories("/run/etc/upper");
  std::filesystem::create_directories("/run/etc/work");
  return ::mount(
           "overlay", "/etc", "overlay", 0,
           "lowerdir=/etc,upperdir=/run/etc/upper,workdir=/run/etc/work")
    == 0;
}

fd listen_at(const std::string& path) {
  std::filesystem::create_directories(
    std::filesystem::path{path}.parent_path());
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  std::strcpy(at.sun_path, path.c_str());
  fd out{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  if (
    ::bind(out.get(), reinterpret_cast<sockaddr*>(&at), sizeof(at)) != 0
    || ::listen(out.get(), 1) != 0)
    out.reset();
  return out;
}

} // namespace

TEST_CASE(
  "where resolv.conf is a link, a container reads its own, and the host's "
  "target stays as it was",
  "[sandbox]") {
  if (::geteuid() != 0)
    return;
  auto said = told_by_child([]() -> std::string {
    if (!become_another_host())
      return "no other host can be made";
    std::filesystem::create_directories("/run/resolver");
    std::ofstream{"/run/resolver/stub.conf"} << "the host's\n";
    ::unlink("/etc/resolv.conf");
    if (::symlink("../run/resolver/stub.conf", "/etc/resolv.conf") != 0)
      return "no link";
    auto plan = shell("cat /etc/resolv.conf");
    plan.resolv_conf = "ours\n";
    trial box{std::move(plan)};
    box.until([&] { return box.output_ended && box.status; });
    return box.output + read_file("/run/resolver/stub.conf");
  });
  CHECK(said == "ours\nthe host's\n");
}

TEST_CASE(
  "no service of the host looks names up past a container's resolver",
  "[sandbox]") {
  if (::geteuid() != 0)
    return;
  auto said = told_by_child([]() -> std::string {
    if (!become_another_host())
      return "no other host can be made";
    auto resolved = listen_at("/run/systemd/resolve/io.systemd.Resolve");
    auto nscd = listen_at("/run/nscd/socket");
    auto other = listen_at("/run/other/socket");
    trial box{shell(R"(python3 -c '
import socket
for path in "systemd/resolve/io.systemd.Resolve", "nscd/socket", "other/socket":
  try:
    socket.socket(socket.AF_UNIX).connect("/run/" + path)
    print("connected")
  except OSError as why:
    print(why.strerror)')")};
    box.until([&] { return box.output_ended && box.status; });
    return box.output;
  });
  CHECK(said == "Connection refused\nConnection refused\nconnected\n");
}
