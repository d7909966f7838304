/// An audit of a supervisor that lives in this very process, over a real
/// kernel: what is planted here it must find.

#include "net/fd.hpp"
#include "net/socket_address.hpp"
#include "test/support/built.hpp"
#include "test/support/show.hpp"
#include "test/tools/answers.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>

using namespace pier;
using test::answer_of;
using rows = std::vector<audit_row>;

namespace {

class house {
public:
  house() {
    settings with;
    with.paths.keeper = test::built("pier-keeper").string();
    auto made = supervisor::start(std::move(with), {});
    REQUIRE(made);
    net_ = std::move(*made);
    container_spec spec;
    spec.name = "web";
    spec.command = {"sleep", "infinity"};
    spec.publish.push_back(
      {protocol::tcp, ip_address::v4({127, 0, 0, 1}), {}, {80, 80}});
    REQUIRE(
      answer_of<container_info>([&](auto done) { net_->run(spec, {}, done); }));
  }

  rows faults() {
    auto all = answer_of<rows>([&](auto done) { net_->audit({}, done); });
    REQUIRE(all);
    REQUIRE(all->size() > 20);
    rows out;
    for (auto& each : *all)
      if (each.fault)
        out.push_back(std::move(each));
    return out;
  }

  /// Of one thing that is planted there is a row, and no other is a fault.
  void finds(audit_row::kind what, const std::string& thing) {
    auto found = faults();
    auto is_it = [&](const audit_row& each) {
      return each.what == what && each.thing.find(thing) != std::string::npos;
    };
    for (const auto& each : found)
      INFO(to_string(each.what) << " " << each.thing << ": " << each.owner);
    CHECK(std::count_if(found.begin(), found.end(), is_it) == 1);
    CHECK(found.size() <= 2);
  }

private:
  std::unique_ptr<supervisor> net_;
};

} // namespace

TEST_CASE("whatever a supervisor and its container have has an owner") {
  house of;
  for (const auto& each : of.faults())
    FAIL(to_string(each.what) << " " << each.thing << ": " << each.owner);
}

TEST_CASE("a descriptor that is planted is found, and gone when it is") {
  house of;
  {
    net::fd file{::open("/proc/self/status", O_RDONLY | O_CLOEXEC)};
    of.finds(
      audit_row::kind::descriptor, std::to_string(file.get()) + " /proc/");
  }
  {
    std::array<int, 2> ends{};
    REQUIRE(
      ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
    net::fd one{ends[0]}, other{ends[1]};
    of.finds(audit_row::kind::descriptor, std::to_string(one.get()) + " unix");
  }
  CHECK(of.faults().empty());
}

TEST_CASE("a listener that is planted is found") {
  house of;
  net::fd made{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  auto at = net::to_kernel({ip_address::v4({127, 0, 0, 1}), 0});
  REQUIRE(::bind(made.get(), at.data(), at.size) == 0);
  REQUIRE(::listen(made.get(), 1) == 0);
  of.finds(
    audit_row::kind::listener, std::to_string(made.get()) + " tcp 127.0.0.1:");
}

TEST_CASE("a child that is planted is found") {
  house of;
  auto child = ::fork();
  if (child == 0) {
    ::pause();
    ::_exit(0);
  }
  REQUIRE(child > 0);
  of.finds(audit_row::kind::process, std::to_string(child) + " ");
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  CHECK(of.faults().empty());
}
