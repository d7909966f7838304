#include "test/net/sandbox/trial.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/steady_timer.hpp>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>

namespace pier::net::trials {

namespace asio = boost::asio;

namespace {

std::string keeper() {
  const char* other = std::getenv("PIER_SHIM_COPY");
  return other ? other : PIER_SHIM;
}

/// Written at once, into a pipe or a file of /proc.
void put(const std::string& path, const std::string& text) {
  fd file{::open(path.c_str(), O_WRONLY | O_CLOEXEC)};
  static_cast<void>(!::write(file.get(), text.data(), text.size()));
}

} // namespace

fd make_user_namespace() {
  int made[2];
  REQUIRE(::pipe2(made, O_CLOEXEC) == 0);
  fd hear{made[0]};
  fd tell{made[1]};
  auto uid = ::geteuid();
  auto gid = ::getegid();
  auto child = ::fork();
  if (child == 0) {
    char go = ::unshare(CLONE_NEWUSER) == 0 ? 'y' : 'n';
    static_cast<void>(!::write(tell.get(), &go, 1));
    ::pause();
    ::_exit(0);
  }
  char said = 'n';
  static_cast<void>(!::read(hear.get(), &said, 1));
  auto proc = "/proc/" + std::to_string(child);
  put(proc + "/setgroups", "deny");
  put(proc + "/uid_map", "0 " + std::to_string(uid) + " 1");
  put(proc + "/gid_map", "0 " + std::to_string(gid) + " 1");
  fd out{::open((proc + "/ns/user").c_str(), O_RDONLY | O_CLOEXEC)};
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  REQUIRE(said == 'y');
  REQUIRE(out);
  return out;
}

int user_namespace() {
  if (::geteuid() == 0)
    return -1;
  static fd made = make_user_namespace();
  return made.get();
}

sandbox_plan shell(std::string script) {
  sandbox_plan out;
  out.spec.name = "trial";
  out.spec.hostname = "trial";
  out.spec.command = {"sh", "-c", std::move(script)};
  return out;
}

trial::trial(sandbox_plan plan) {
  int in[2];
  int out[2];
  REQUIRE(::pipe2(in, O_CLOEXEC) == 0);
  REQUIRE(::pipe2(out, O_CLOEXEC) == 0);
  input_ = fd{in[1]};
  output_.assign(out[0]);
  fd read_end{in[0]};
  fd write_end{out[1]};
  plan.keeper = keeper();
  if (plan.user_namespace < 0)
    plan.user_namespace = user_namespace();
  if (!plan.in)
    plan.in = std::move(read_end);
  if (!plan.out)
    plan.out = fd{::fcntl(write_end.get(), F_DUPFD_CLOEXEC, 0)};
  if (!plan.err)
    plan.err = std::move(write_end);
  sandbox::events on;
  on.on_namespaces = [this](fd net) {
    netns = std::move(net);
    if (go_at_once)
      box_->go();
  };
  on.on_started = [this](int number, fd notify) {
    pid = number;
    if (notify) {
      notified = true;
      notify_.assign(notify.release());
      watch_notify();
    }
  };
  on.on_failed = [this](const error& why) {
    failure = why;
    notify_.close();
  };
  on.on_exited = [this](int number) {
    status = number;
    notify_.close();
  };
  bool host = plan.spec.network == network_mode::host;
  auto made = sandbox::make(io_, std::move(plan), std::move(on));
  if (!made) {
    failure = made.error();
    output_ended = true;
    return;
  }
  box_ = std::move(*made);
  if (host)
    box_->go();
  read_on();
}

trial::~trial() {
  drop();
  notify_.close();
  output_.close();
  // Whatever is left ends here, or the deadline says that it does not.
  io_.restart();
  io_.run_for(deadline);
}

void trial::drop() {
  box_.reset();
}

void trial::close_notify() {
  notify_.close();
}

void trial::read_on() {
  chunk_.resize(4096);
  output_.async_read_some(
    asio::buffer(chunk_), [this](boost::system::error_code trouble, size_t n) {
      output.append(chunk_, 0, n);
      if (trouble)
        output_ended = true;
      else
        read_on();
    });
}

void trial::watch_notify() {
  notify_.async_wait(
    asio::posix::descriptor_base::wait_read,
    [this](boost::system::error_code trouble) {
      seccomp_notif heard{};
      if (trouble)
        return;
      if (
        ::ioctl(notify_.native_handle(), SECCOMP_IOCTL_NOTIF_RECV, &heard)
        == 0) {
        announced.push_back(heard.data.nr);
        held_.push_back(heard.id);
        if (on_announced)
          on_announced();
        if (answer)
          answer_now();
      } else if (errno != EINTR && errno != ENOENT)
        return;
      watch_notify();
    });
}

void trial::answer_now() {
  for (auto id : held_) {
    seccomp_notif_resp yes{};
    yes.id = id;
    yes.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    ::ioctl(notify_.native_handle(), SECCOMP_IOCTL_NOTIF_SEND, &yes);
  }
  held_.clear();
}

bool trial::until(const std::function<bool()>& done) {
  auto late = std::make_shared<bool>(false);
  asio::steady_timer end{io_, deadline};
  end.async_wait(
    [late](boost::system::error_code stopped) { *late = !stopped; });
  io_.restart();
  while (!done() && !*late)
    io_.run_one();
  return !*late;
}

trial& trial::to_the_end() {
  bool ended = until([this] {
    return output_ended && (status.has_value() || failure.has_value());
  });
  INFO("output so far: " << output);
  if (failure)
    UNSCOPED_INFO("failure: " << failure->text);
  CHECK(ended);
  return *this;
}

void trial::write(const std::string& text) {
  REQUIRE(
    ::write(input_.get(), text.data(), text.size())
    == static_cast<ssize_t>(text.size()));
}

} // namespace pier::net::trials
