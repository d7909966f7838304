#include "net/gateway/keeper_process.hpp"

#include <boost/asio/post.hpp>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace pier::net {

namespace {

/// Where the keeper finds its end of the channel.
constexpr int channel_number = 3;

error keeper_is_gone() {
  return {ec::gateway_lost, "the keeper has died: a new one is on its way"};
}

result<int> spawn(const std::string& program, int channel) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(
    &actions, STDIN_FILENO, "/dev/null", O_RDWR, 0);
  posix_spawn_file_actions_addopen(
    &actions, STDOUT_FILENO, "/dev/null", O_RDWR, 0);
  // Should the number be the same already, this clears its close-on-exec.
  posix_spawn_file_actions_adddup2(&actions, channel, channel_number);
  // Nothing else: whoever hangs up on us would be held by the keeper.
  posix_spawn_file_actions_addclosefrom_np(&actions, channel_number + 1);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  // A process group of its own: a terminal's ^C is not for it.
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(
    &attributes,
    static_cast<short>(
      POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP));
  auto name = program;
  std::string role{"gateway"};
  std::array<char*, 3> arguments{name.data(), role.data(), nullptr};
  pid_t child = 0;
  auto status = ::posix_spawn(
    &child, program.c_str(), &actions, &attributes, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (status != 0)
    return error{
      ec::gateway_lost,
      "cannot run " + program + ": " + std::strerror(status)
        + ": name pier-keeper with --keeper"};
  return child;
}

} // namespace

result<std::shared_ptr<keeper_process>> keeper_process::start(
  boost::asio::io_context& io, const std::string& program,
  std::function<void()> died) {
  std::array<int, 2> ends{};
  if (
    ::socketpair(
      AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data())
    != 0)
    return error{
      from_errno(errno),
      std::string{"cannot make the keeper's channel: "} + std::strerror(errno)};
  fd ours{ends[0]};
  fd theirs{ends[1]};
  // The keeper's end blocks: it does one thing at a time.
  ::fcntl(theirs.get(), F_SETFL, 0);
  auto pid = spawn(program, theirs.get());
  if (!pid)
    return pid.error();
  std::shared_ptr<keeper_process> made{
    new keeper_process(io, std::move(ours), *pid)};
  made->died_ = std::move(died);
  made->await_reply();
  return made;
}

keeper_process::keeper_process(boost::asio::io_context& io, fd channel, int pid)
  : channel_(io, channel.release()), pid_(pid) {}

keeper_process::~keeper_process() {
  close();
}

void keeper_process::close() {
  died_ = nullptr;
  open_.clear();
  boost::system::error_code ignored;
  channel_.close(ignored);
  reap();
}

/// The channel is closed, so the keeper ends; a stuck one is not waited for.
void keeper_process::reap() {
  if (pid_ == 0)
    return;
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {}
  pid_ = 0;
}

void keeper_process::ask(
  keeper_request what, const std::vector<int>& fds, replier answered) {
  what.id = ++last_id_;
  if (
    !channel_.is_open() || !send_parcel(channel_.native_handle(), what, fds)) {
    boost::asio::post(
      channel_.get_executor(), [answered] { answered(keeper_is_gone()); });
    return;
  }
  open_.emplace_back(what.id, std::move(answered));
}

void keeper_process::await_reply() {
  channel_.async_wait(
    boost::asio::posix::stream_descriptor::wait_read,
    [me = shared_from_this()](const boost::system::error_code& why) {
      if (why)
        return;
      while (me->channel_.is_open() && me->read_reply()) {}
      if (me->channel_.is_open())
        me->await_reply();
    });
}

/// False: nothing more to read for now, or ever.
bool keeper_process::read_reply() {
  keeper_reply reply;
  std::vector<fd> fds;
  auto got = receive_parcel(
    channel_.native_handle(), &reply, sizeof(reply), fds);
  if (got < 0 && errno == EAGAIN)
    return false;
  if (
    got != sizeof(reply) || open_.empty() || open_.front().first != reply.id) {
    hear_death();
    return false;
  }
  auto answered = std::move(open_.front().second);
  open_.pop_front();
  if (reply.code == ec::ok) {
    answered(answer{reply.has_user_namespace != 0, std::move(fds)});
  } else {
    reply.text.back() = '\0';
    answered(error{reply.code, reply.text.data()});
  }
  return true;
}

void keeper_process::hear_death() {
  auto refused = std::exchange(open_, {});
  auto died = std::exchange(died_, nullptr);
  boost::system::error_code ignored;
  channel_.close(ignored);
  reap();
  for (auto& [id, answered] : refused)
    answered(keeper_is_gone());
  if (died)
    died();
}

} // namespace pier::net
