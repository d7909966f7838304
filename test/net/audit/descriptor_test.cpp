#include "net/audit/descriptor.hpp"
#include "net/audit/processes.hpp"
#include "net/fd.hpp"
#include "net/socket_address.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

using namespace pier;
using namespace pier::net;

namespace {

descriptor find(const fd& which) {
  for (auto& each : own_descriptors())
    if (each.number == which.get())
      return each;
  FAIL("descriptor " << which.get() << " is not in the table");
  return {};
}

} // namespace

TEST_CASE("a listener is seen as one, where it listens") {
  fd made{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  auto at = to_kernel({*ip_address::parse("127.0.0.1"), 0});
  REQUIRE(::bind(made.get(), at.data(), at.size) == 0);
  REQUIRE(::listen(made.get(), 1) == 0);
  REQUIRE(::getsockname(made.get(), at.data(), &at.size) == 0);
  auto seen = find(made);
  CHECK(seen.is_socket());
  CHECK(seen.inode() != 0);
  CHECK(seen.listens);
  CHECK(seen.family == AF_INET);
  CHECK(seen.own == from_kernel(at));
  CHECK_FALSE(seen.peer);
  CHECK(to_string(seen).find(" tcp 127.0.0.1:") != std::string::npos);
  CHECK(to_string(seen).ends_with(" listening"));
}

TEST_CASE("a Unix socket is seen by its name, abstract ones too") {
  fd made{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  auto name = "pier-test-" + std::to_string(::getpid());
  std::memcpy(at.sun_path + 1, name.data(), name.size());
  auto size = static_cast<socklen_t>(
    offsetof(sockaddr_un, sun_path) + 1 + name.size());
  REQUIRE(
    ::bind(made.get(), reinterpret_cast<const sockaddr*>(&at), size) == 0);
  CHECK(find(made).path == "@" + name);
}

TEST_CASE("a file and a pipe are seen by where they lead") {
  fd file{::open("/proc/self/status", O_RDONLY | O_CLOEXEC)};
  CHECK(find(file).target.ends_with("/status"));
  std::array<int, 2> ends{};
  REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
  fd reader{ends[0]}, writer{ends[1]};
  CHECK(find(reader).target.starts_with("pipe:["));
  CHECK(find(reader).inode() == find(writer).inode());
}

TEST_CASE("the look itself leaves nothing in the table") {
  auto count = own_descriptors().size();
  CHECK(own_descriptors().size() == count);
}

TEST_CASE("who is gone has no descriptors") {
  CHECK(descriptors_of(0x3fffffff).empty());
}

TEST_CASE("a process may have any name") {
  process of;
  CHECK(read_stat("17 (a) b (c)) S 4 17 17 0", of));
  CHECK(of.pid == 17);
  CHECK(of.parent == 4);
  CHECK(of.name == "a) b (c)");
  for (const char* wrong :
       {"", "17", "17 (x", "17 x) S 4", "17 (x) Z 4", "(x)"})
    CHECK_FALSE(read_stat(wrong, of));
}

TEST_CASE("this process is among all of them, in its network") {
  fd home{::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC)};
  auto all = all_processes();
  auto self = std::find_if(all.begin(), all.end(), [](const process& each) {
    return each.pid == ::getpid();
  });
  REQUIRE(self != all.end());
  CHECK(self->parent == ::getppid());
  CHECK(self->network == inode_of(home.get()));
  CHECK_FALSE(self->words.empty());
}
