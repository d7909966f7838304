#include "test/net/sandbox/scratch.hpp"
#include "test/net/sandbox/trial.hpp"

#include <catch2/catch.hpp>
#include <grp.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

using namespace pier::net::trials;

TEST_CASE("all of this holds for an ordinary user") {
  if (::geteuid() != 0)
    return;
  // Where the build lies, nobody may have no business.
  scratch tmp;
  auto copy = [&tmp](const std::filesystem::path& from, const char* name) {
    std::filesystem::copy_file(from, tmp / name);
    return tmp / name;
  };
  auto program = copy("/proc/self/exe", "program");
  auto shim = copy(PIER_SHIM, "shim");
  const auto* nobody = ::getpwnam("nobody");
  REQUIRE(nobody != nullptr);
  auto child = ::fork();
  if (child == 0) {
    ::setenv("PIER_SHIM_COPY", shim.c_str(), 1);
    if (
      ::setgroups(0, nullptr) == 0 && ::setgid(nobody->pw_gid) == 0
      && ::setuid(nobody->pw_uid) == 0)
      ::execl(
        program.c_str(), program.c_str(), "[sandbox]",
        static_cast<char*>(nullptr));
    ::_exit(99);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}
