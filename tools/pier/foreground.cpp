#include "tools/pier/foreground.hpp"

#include "tools/pier/command.hpp"
#include "tools/pier/ports_text.hpp"
#include "tools/pier/terminal.hpp"

#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <optional>
#include <vector>

namespace pier::cli {

namespace {

namespace asio = boost::asio;

constexpr int impatience = 3; // so many INT or TERM are meant as "stop"

/// A signal that comes while the container starts is kept for it, but an end
/// is not put off for longer.
constexpr auto start_patience = std::chrono::seconds{1};

bool is_end(int number) {
  return number == SIGINT || number == SIGTERM || number == SIGHUP
    || number == SIGQUIT;
}

/// Role: one container's life from our side: starting, running, over.
/// Lifetime: that of one `live_with`.
class companion {
public:
  companion(asio::io_context& io, home& where, const foreground_options& how)
    : io_(io), home_(where), how_(how), signals_(io), patience_(io) {
    for (auto number :
         {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH})
      signals_.add(number);
  }

  result<void> begin(container_spec spec);
  int finish();

private:
  result<supervisor::descriptors> wire(bool terminal);
  void listen();
  void pass_on(int number);
  void keep(int number);
  void started(const result<container_info>& info);
  void ended(const result<container_info>& info);
  void leave(int status);

  asio::io_context& io_;
  home& home_;
  foreground_options how_;
  asio::signal_set signals_;
  asio::steady_timer patience_;
  std::vector<int> early_;
  net::fd null_;
  std::optional<pty> pty_;
  std::optional<raw_mode> raw_;
  std::optional<pump> pump_;
  std::string name_; // empty: it does not run yet
  bool left_ = false;
  int ends_asked_ = 0;
  int status_ = our_failure;
};

result<void> companion::begin(container_spec spec) {
  auto stdio = wire(spec.terminal);
  if (!stdio)
    return stdio.error();
  home_.on_lost = [this](const error& why) {
    complain(why);
    leave(our_failure);
  };
  listen();
  home_.run(
    std::move(spec), *stdio, true, [this](const auto& info) { started(info); });
  return {};
}

/// What the command reads and writes: our own streams, or a terminal.
result<supervisor::descriptors> companion::wire(bool terminal) {
  null_ = net::fd{::open("/dev/null", O_RDWR | O_CLOEXEC)};
  if (how_.attach)
    return supervisor::descriptors{};
  if (!terminal)
    return supervisor::descriptors{
      how_.interactive ? STDIN_FILENO : null_.get(), STDOUT_FILENO,
      STDERR_FILENO};
  auto made = pty::make();
  if (!made)
    return made.error();
  pty_ = std::move(*made);
  copy_size(
    ::isatty(STDOUT_FILENO) ? STDOUT_FILENO : STDIN_FILENO, pty_->master.get());
  auto slave = pty_->slave.get();
  return supervisor::descriptors{slave, slave, slave};
}

void companion::listen() {
  signals_.async_wait([this](const auto& stopped, int number) {
    if (stopped)
      return;
    pass_on(number);
    listen();
  });
}

void companion::pass_on(int number) {
  if (left_)
    return;
  if (number == SIGWINCH && pty_)
    return copy_size(
      ::isatty(STDOUT_FILENO) ? STDOUT_FILENO : STDIN_FILENO,
      pty_->master.get());
  if (name_.empty())
    return keep(number);
  if (how_.attach) {
    if (is_end(number))
      home_.stop(name_);
    return;
  }
  home_.signal(name_, number);
  if ((number == SIGINT || number == SIGTERM) && ++ends_asked_ == impatience) {
    warn(name_ + " has been asked three times; it is being stopped");
    home_.stop(name_);
  }
}

void companion::keep(int number) {
  early_.push_back(number);
  if (!is_end(number))
    return;
  patience_.expires_after(start_patience);
  patience_.async_wait([this, number](const auto& stopped) {
    // Its home undoes what has been begun.
    if (!stopped && name_.empty())
      leave(128 + number);
  });
}

void companion::started(const result<container_info>& info) {
  if (left_)
    return;
  if (!info) {
    complain(info.error());
    return leave(status_of(info.error()));
  }
  for (const auto& each : info->warnings)
    warn(each);
  name_ = info->name;
  if (how_.attach)
    print(attached_line(*info));
  if (pty_) {
    pty_->slave.reset();
    if (how_.interactive)
      raw_.emplace(STDIN_FILENO);
    pump_.emplace(
      pty_->master.get(), how_.interactive ? STDIN_FILENO : -1, STDOUT_FILENO);
  }
  home_.wait(name_, [this](const auto& last) { ended(last); });
  for (auto number : std::exchange(early_, {}))
    pass_on(number);
}

void companion::ended(const result<container_info>& info) {
  // What it wrote last comes before what we have to say.
  pump_.reset();
  raw_.reset();
  if (!info) {
    if (!left_)
      complain(info.error());
    return leave(our_failure);
  }
  if (info->failure.empty())
    return leave(how_.attach ? 0 : info->exit_status);
  complain({ec::failed, info->failure});
  leave(info->exit_status != 0 ? info->exit_status : our_failure);
}

void companion::leave(int status) {
  if (std::exchange(left_, true))
    return;
  status_ = status;
  home_.leave([this] { io_.stop(); });
}

int companion::finish() {
  io_.restart();
  io_.run();
  home_.on_lost = nullptr;
  pump_.reset();
  raw_.reset();
  return status_;
}

} // namespace

int live_with(
  asio::io_context& io, home& where, container_spec spec,
  const foreground_options& how) {
  companion one{io, where, how};
  if (auto begun = one.begin(std::move(spec)); !begun)
    return complain(begun.error(), our_failure);
  return one.finish();
}

int status_of(const error& why) {
  switch (why.code) {
    case ec::command_not_found:
      return not_found;
    case ec::command_not_run:
      return cannot_run;
    default:
      return our_failure;
  }
}

result<void> check_terminal(bool interactive, bool terminal) {
  if (terminal && interactive && !::isatty(STDIN_FILENO))
    return error{ec::bad_request, "the input device is not a TTY"};
  return {};
}

} // namespace pier::cli
