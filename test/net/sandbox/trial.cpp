#include "trial.hpp"

#include "net/sandbox/shim_process.hpp"

#include <boost/asio/buffer.hpp>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>

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

scratch::scratch() {
  std::string name = "/tmp/pier-sandbox-XXXXXX";
  REQUIRE(::mkdtemp(name.data()) != nullptr);
  ::chmod(name.c_str(), 0755);
  path_ = name;
}

scratch::~scratch() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string
scratch::file(const std::string& name, const std::string& text, unsigned mode) {
  auto path = *this / name;
  std::ofstream{path} << text;
  ::chmod(path.c_str(), mode);
  return path;
}

std::string scratch::folder(const std::string& name) {
  auto path = *this / name;
  std::filesystem::create_directories(path);
  return path;
}

std::string read_file(const std::string& path) {
  std::ostringstream out;
  out << std::ifstream{path}.rdbuf();
  return out.str();
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
  auto end = std::chrono::steady_clock::now() + deadline;
  io_.restart();
  while (!done())
    if (io_.run_one_until(end) == 0 && !done())
      return false;
  return true;
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

std::vector<int> children_of(int parent) {
  std::vector<int> out;
  for (const auto& entry : std::filesystem::directory_iterator{"/proc"}) {
    auto name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos)
      continue;
    auto stat = read_file(entry.path() / "stat");
    // pid (comm) state ppid …; comm may hold anything but its last bracket.
    auto at = stat.rfind(") ");
    if (at == std::string::npos)
      continue;
    std::istringstream rest{stat.substr(at + 2)};
    char state = 'Z';
    int ppid = 0;
    rest >> state >> ppid;
    if (ppid == parent && state != 'Z')
      out.push_back(std::stoi(name));
  }
  return out;
}

bool nobody_left() {
  auto end = std::chrono::steady_clock::now() + deadline;
  for (;;) {
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {}
    siginfo_t news{};
    if (::waitid(P_ALL, 0, &news, WEXITED | WNOHANG | WNOWAIT) != 0)
      return errno == ECHILD;
    if (std::chrono::steady_clock::now() > end)
      return false;
    // Some process lives: wait for any to end.
    auto living = children_of(::getpid());
    if (living.empty())
      continue;
    auto life = box::watch_life(living.front());
    pollfd one{life.get(), POLLIN, 0};
    ::poll(&one, 1, 1000);
  }
}

size_t open_descriptors() {
  size_t count = 0;
  for ([[maybe_unused]] const auto& entry :
       std::filesystem::directory_iterator{"/proc/self/fd"})
    ++count;
  return count;
}

} // namespace pier::net::trials
