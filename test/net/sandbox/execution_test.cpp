#include "net/sandbox/execution.hpp"
#include "net/sandbox/namespaces.hpp"

#include <catch2/catch.hpp>

#include <cerrno>

using namespace pier;
using namespace pier::net::box;

TEST_CASE("a container always has a PATH, a HOME and its name") {
  plan what;
  auto env = complete_environment(what, "box");
  CHECK(
    env
    == std::vector<std::string>{
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      "HOSTNAME=box", "HOME=/root", "container=pier"});
  what.terminal = true;
  CHECK(complete_environment(what, "box").back() == "TERM=xterm");
}

TEST_CASE("what was asked for wins, and of one name the last") {
  plan what;
  what.environment = {"HOME=/a", "X=1", "PATH=/bin", "X=2", "HOME=/b"};
  CHECK(
    complete_environment(what, "box")
    == std::vector<std::string>{
      "HOME=/b", "X=2", "PATH=/bin", "HOSTNAME=box", "container=pier"});
}

TEST_CASE("a command that cannot be run is refused in Docker's words") {
  auto check = [](const error& got, ec code, const std::string& text) {
    CHECK(got.code == code);
    CHECK(got.text == text);
  };
  check(
    exec_refusal("foo", ENOENT, false), ec::command_not_found,
    "exec: \"foo\": executable file not found in $PATH");
  check(
    exec_refusal("./foo", ENOENT, false), ec::command_not_found,
    "exec: \"./foo\": stat ./foo: no such file or directory");
  check(
    exec_refusal("/tmp/x", EACCES, true), ec::command_not_run,
    "exec: \"/tmp/x\": permission denied");
  check(
    exec_refusal("/tmp/x", ENOEXEC, true), ec::command_not_run,
    "exec: \"/tmp/x\": exec format error");
  check(
    exec_refusal("/tmp", EISDIR, true), ec::command_not_run,
    "exec: \"/tmp\": is a directory");
  check(
    exec_refusal("x", E2BIG, true), ec::command_not_run,
    "exec: \"x\": argument list too long");
  CHECK(exec_refusal("/x", ENOENT, true).code == ec::command_not_run);
  CHECK(exec_status(ec::command_not_found) == 127);
  CHECK(exec_status(ec::command_not_run) == 126);
}

TEST_CASE("a machine that forbids user namespaces is told the mend") {
  auto text = [](int number, user_namespace_limits limits) {
    return user_namespace_refusal(number, limits).text;
  };
  auto has = [](const std::string& in, const std::string& what) {
    return in.find(what) != std::string::npos;
  };
  CHECK(has(
    text(EPERM, {10, 0, {}}), "sysctl -w kernel.unprivileged_userns_clone=1"));
  CHECK(
    has(text(ENOSPC, {0, {}, {}}), "sysctl -w user.max_user_namespaces=15000"));
  CHECK(has(
    text(EPERM, {10, {}, 1}),
    "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"));
  CHECK(has(
    text(ENOSPC, {10, {}, {}}), "sysctl -w user.max_user_namespaces=15010"));
  CHECK(has(text(EPERM, {10, {}, {}}), "operation not permitted"));
}
