// Theory of operation. The shim owns a container: it makes the namespaces,
// holds them until the control process has plugged them in and says `go`, forks
// the first process, and passes news up, signals and files down. It stays out
// of the container's PID, mount, UTS and IPC namespaces: nothing in it could
// fail on a container's account.
// Who dies with whom: the channel ends with the control process or its sandbox
// object, then the shim kills the first process; the first process is killed
// by the kernel when the shim dies; and when the first process dies, the kernel
// kills all others of its PID namespace before it can be waited for.

#include "net/sandbox/shim.hpp"

#include "net/sandbox/given_plan.hpp"
#include "net/sandbox/init.hpp"
#include "net/sandbox/namespaces.hpp"
#include "net/sandbox/refusal.hpp"
#include "net/sandbox/shim_channel.hpp"
#include "net/sandbox/shim_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <optional>

namespace pier::net {

using namespace box;

namespace {

/// Signals that come before there is anybody to take them.
constexpr size_t max_early_signals = 32;

class shim {
public:
  explicit shim(int channel) : channel_(channel) {}

  int run() {
    auto done = prepare();
    if (done && *done)
      done = watch_over();
    if (!done)
      tell({word::failed, 0, done.error().code, done.error().text});
    return done ? 0 : 1;
  }

private:
  /// False: the control process has left.
  result<bool> prepare() {
    parcel first;
    if (receive(channel_.get(), first, true) != reception::parcel)
      return false;
    auto given = take_plan(first);
    if (!given)
      return given.error();
    what_ = std::move(given->what);
    stdio_ = std::move(given->process);
    auto done = make_namespaces(given->user_namespace.get(), what_.network);
    if (done && what_.network == network_mode::none)
      done = raise_loopback();
    if (done && what_.network != network_mode::host)
      done = tell_namespaces();
    if (!done)
      return done.error();
    return wait_for_go();
  }

  result<void> tell_namespaces() {
    auto net = network_namespace();
    if (!net)
      return net.error();
    return send(
      channel_.get(), {word::namespaces, 0, ec::ok, {}}, {net->get()});
  }

  result<bool> wait_for_go() {
    parcel got;
    while (receive(channel_.get(), got, true) == reception::parcel) {
      if (got.said.what == word::go)
        return true;
      if (got.said.what == word::files)
        take_files(got);
      if (got.said.what == word::signal && !keep(got.said.number))
        return killed_early();
    }
    return false;
  }

  void take_files(const parcel& got) {
    if (read_files(got, what_) && first_)
      static_cast<void>(send_files(first_.get(), what_));
  }

  /// Signals are for the command and wait until it runs; SIGKILL waits for
  /// nothing: false.
  bool keep(int number) {
    if (number == SIGKILL)
      return false;
    if (early_.size() < max_early_signals)
      early_.push_back(number);
    return true;
  }

  static error killed_early() {
    return {ec::stopped, "the container was killed before its command ran"};
  }

  /// A refusal: nothing has been forked.
  result<bool> watch_over() {
    auto ends = make_channel();
    int pipe[2];
    int on = 1;
    if (!ends || ::pipe2(pipe, O_CLOEXEC) != 0)
      return ends ? refusal(errno, "pipe of a container") : ends.error();
    first_ = std::move(ends->first);
    running_ = fd{pipe[0]};
    stdio_.shim = std::move(ends->second);
    stdio_.running = fd{pipe[1]};
    if (
      ::setsockopt(first_.get(), SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) != 0)
      return refusal(errno, "socket of a container");
    pid_ = ::fork();
    if (pid_ < 0)
      return refusal(errno, "first process of a container");
    if (pid_ == 0) {
      channel_.reset();
      first_.reset();
      running_.reset();
      be_first(what_, std::move(stdio_));
    }
    stdio_ = {};
    life_ = watch_life(pid_);
    if (!life_) {
      auto why = refusal(errno, "pidfd of a container");
      end();
      return why;
    }
    static_cast<void>(
      send(channel_.get(), {word::born, 0, ec::ok, {}}, {life_.get()}));
    loop();
    return true;
  }

  void loop() {
    for (;;) {
      std::array<pollfd, 4> all{{
        {channel_.get(), POLLIN, 0},
        {first_.get(), POLLIN, 0},
        {running_.get(), POLLIN, 0},
        {life_.get(), POLLIN, 0},
      }};
      if (::poll(all.data(), all.size(), -1) < 0) {
        if (errno == EINTR)
          continue;
        end();
        return;
      }
      if (all[1].revents != 0)
        hear_first();
      if (all[2].revents != 0)
        see_running();
      // After that: a signal that was sent because the command runs must not
      // meet one that seems not to.
      if (all[0].revents != 0 && !hear_control()) {
        end();
        return;
      }
      if (all[3].revents != 0) {
        conclude();
        return;
      }
    }
  }

  bool hear_control() {
    parcel got;
    for (;;)
      switch (receive(channel_.get(), got, false)) {
        case reception::nothing:
          return true;
        case reception::closed:
          return false;
        case reception::parcel:
          if (got.said.what == word::signal)
            signal(got.said.number);
          else if (got.said.what == word::files)
            take_files(got);
      }
  }

  void signal(int number) {
    if (started_) {
      static_cast<void>(send(first_.get(), {word::signal, number, ec::ok, {}}));
    } else if (!keep(number)) {
      auto why = killed_early();
      failure_ = saying{word::failed, 0, why.code, why.text};
      ::kill(pid_, SIGKILL);
    }
  }

  void hear_first() {
    parcel got;
    while (first_)
      switch (receive(first_.get(), got, false)) {
        case reception::nothing:
          return;
        case reception::closed:
          first_.reset();
          return;
        case reception::parcel:
          if (got.said.what == word::failed)
            failure_ = std::move(got.said);
          else if (got.said.what == word::ready) {
            command_ = got.sender;
            if (!got.descriptors.empty())
              notify_ = std::move(got.descriptors[0]);
          }
      }
  }

  /// The pipe has ended: the command runs, or its process has died. What that
  /// process said before waits in the socket.
  void see_running() {
    hear_first();
    running_.reset();
    if (failure_ || command_ == 0)
      return;
    started_ = true;
    saying news{word::started, command_, ec::ok, {}};
    if (notify_)
      static_cast<void>(send(channel_.get(), news, {notify_.get()}));
    else
      tell(news);
    notify_.reset();
    for (int number : early_)
      signal(number);
  }

  void conclude() {
    if (running_)
      see_running();
    hear_first();
    int status = end();
    if (failure_)
      tell(*failure_);
    else if (started_)
      tell({word::exited, status, ec::ok, {}});
    else
      tell(
        {word::failed, 0, ec::failed,
         "the container's first process died before its command ran, status "
           + std::to_string(status)});
  }

  /// Kills the container and waits until nothing of it is left.
  int end() {
    ::kill(pid_, SIGKILL);
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {}
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  void tell(const saying& news) {
    static_cast<void>(send(channel_.get(), news));
  }

  fd channel_;
  plan what_;
  first_process stdio_;
  std::vector<int> early_;
  fd first_;
  fd running_;
  fd life_;
  fd notify_;
  pid_t pid_ = -1;
  int command_ = 0;
  bool started_ = false;
  std::optional<saying> failure_;
};

} // namespace

int run_shim(int channel_fd) {
  ::prctl(PR_SET_NAME, "pier-shim");
  ::fcntl(channel_fd, F_SETFD, FD_CLOEXEC);
  return shim{channel_fd}.run();
}

} // namespace pier::net
