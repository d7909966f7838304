#include "tools/pierd/daemon.hpp"

#include "tools/control/runtime_dir.hpp"
#include "tools/control/surrounding_settings.hpp"
#include "tools/pierd/log.hpp"
#include "tools/pierd/notify.hpp"

#include <boost/asio/post.hpp>

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace pier::daemon {

namespace {

namespace asio = boost::asio;

/// A daemon started for a container that never came does not stay.
constexpr auto unused_patience = std::chrono::seconds{30};

/// How long a daemon that ends with its last container is waited for.
constexpr auto successor_patience = std::chrono::seconds{15};

void tell_systemd(const char* state) {
  const auto* socket = ::getenv("NOTIFY_SOCKET");
  if (socket)
    notify(socket, state);
}

} // namespace

daemon::daemon(daemon_line line)
  : line_(std::move(line)),
    dir_(control::choose_runtime_dir(control::look_around(line_.runtime_dir))),
    path_(control::daemon_socket(dir_)) {}

daemon::~daemon() {
  metrics_.reset();
  consoles_.reset();
  server_.reset();
  steward_.reset();
  supervisor_.reset();
}

result<void> daemon::open() {
  if (auto ready = control::prepare_runtime_dir(dir_, ::geteuid()); !ready)
    return ready.error();
  auto lock_path = dir_ + "/pierd.lock";
  auto held = control::lock::take(
    lock_path, line_.until_idle ? successor_patience : std::chrono::seconds{0});
  if (!held && held.error().code == ec::name_in_use) {
    auto pid = std::to_string(control::lock_holder(lock_path));
    return error{
      ec::name_in_use,
      "pierd runs here already, as process " + pid + "; \"kill " + pid
        + "\" ends it, and --runtime-dir chooses another place"};
  }
  if (!held)
    return held.error();
  lock_ = std::move(*held);
  // From here on a signal is heard, also while the supervisor starts.
  signals_.add(SIGINT);
  signals_.add(SIGTERM);
  signals_.add(SIGHUP);
  if (!line_.trouble.empty())
    std::fprintf(
      stderr,
      "pierd: WARNING: started with the last settings that were good: %s\n",
      line_.trouble.c_str());
  if (auto begun = start_supervisor(); !begun)
    return begun.error();
  return open_doors();
}

result<void> daemon::start_supervisor() {
  supervisor::console_host host;
  host.ask = [this](uint64_t console, uint64_t id, std::string request) {
    asio::post(io_, [this, console, id, request = std::move(request)] {
      if (consoles_)
        consoles_->ask(console, id, request);
    });
  };
  host.gone = [this](uint64_t console) {
    asio::post(io_, [this, console] {
      if (consoles_)
        consoles_->gone(console);
    });
  };
  auto begun = supervisor::start(
    line_.with,
    [this](const event& news) {
      asio::post(io_, [this, news] { hear(news); });
    },
    std::move(host),
    [this](const log_line& said) {
      asio::post(io_, [said] { write_log(said); });
    });
  if (!begun)
    return begun.error();
  supervisor_ = std::move(*begun);
  return {};
}

result<void> daemon::open_doors() {
  auto door = control::server::listen(
    io_, *supervisor_,
    {path_, "pierd", true, control::host_of(supervisor_->begun_with())});
  if (!door)
    return door.error();
  server_ = std::move(*door);
  steward_ = std::make_unique<steward>(
    io_, *supervisor_, line_,
    [this](const event& news) { server_->announce(news); });
  server_->change_settings_by(steward_.get());
  steward_->on_adopted = [this](const settings& now) {
    server_->move_host(control::host_of(now));
    obey_consoles(now.console);
    obey_log(now.log);
    metrics_->obey(now.metrics);
  };
  server_->on_shutdown = [this] { end("a client asks for it"); };
  server_->on_quiet = [this] { look_whether_idle(); };
  // The supervisor's own are in the log already.
  auto told = [this](const event& news) {
    write_log(news);
    hear(news);
  };
  consoles_ = std::make_unique<console_door>(io_, *supervisor_, *server_, told);
  metrics_ = std::make_unique<metrics_door>(io_, *supervisor_, told);
  metrics_->obey(line_.with.metrics);
  auto opened = consoles_->open(control::console_socket(dir_));
  if (opened)
    obey_consoles(line_.with.console);
  return opened;
}

void daemon::obey_consoles(const console_settings& with) {
  server_->let_look({with.observers.begin(), with.observers.end()});
  consoles_->obey(with);
}

int daemon::serve() {
  watch_signals();
  if (line_.until_idle) {
    unused_.expires_after(unused_patience);
    unused_.async_wait([this](const auto& stopped) {
      if (!stopped && !had_one_)
        end("no container came");
    });
  }
  // Who answers has tried to listen.
  supervisor_->forwards([this](const result<std::vector<forward_info>>&) {
    asio::post(io_, [this] { say_ready(); });
  });
  io_.run();
  // From here on a signal kills: nothing is left that would need us.
  signals_.clear();
  metrics_.reset();
  consoles_.reset();
  server_.reset();
  steward_.reset();
  supervisor_.reset();
  // The last news is still on its way to the log.
  io_.restart();
  io_.poll();
  spdlog::info("ended");
  return 0;
}

void daemon::say_ready() {
  if (ending_)
    return;
  std::printf("pierd: ready on %s\n", path_.c_str());
  std::fflush(stdout);
  tell_systemd("READY=1");
  spdlog::info("ready on {}, process {}", path_, ::getpid());
}

void daemon::watch_signals() {
  signals_.async_wait([this](const auto& stopped, int number) {
    if (stopped)
      return;
    if (number == SIGHUP) {
      watch_signals();
      return reload();
    }
    if (ending_) {
      spdlog::warn("a second signal: ending at once");
      ::_exit(128 + number);
    }
    watch_signals();
    end(number == SIGINT ? "SIGINT" : "SIGTERM");
  });
}

void daemon::reload() {
  spdlog::info("SIGHUP: reading the settings again");
  if (steward_ && !ending_)
    steward_->reload([](const result<control::json::value>&) {});
}

void daemon::hear(const event& news) {
  if (news.what == event::kind::started)
    had_one_ = true;
  if (server_)
    server_->announce(news);
  if (news.what == event::kind::exited || news.what == event::kind::removed)
    look_whether_idle();
}

/// Whoever started us for a container that was refused has gone, or the
/// containers have.
bool daemon::unneeded() const {
  return !ending_ && server_->unanswered() == 0
    && (had_one_ || server_->clients() == 0);
}

/// The truth is the list; news and answers only say when to read it.
void daemon::look_whether_idle() {
  if (!line_.until_idle || !unneeded())
    return;
  supervisor_->list([this](result<std::vector<container_info>> all) {
    asio::post(io_, [this, all = std::move(all)] {
      auto lives = [](const container_info& info) {
        return info.state != container_state::exited;
      };
      if (all && std::none_of(all->begin(), all->end(), lives) && unneeded())
        end("the last container is gone");
    });
  });
}

void daemon::end(const std::string& why) {
  if (std::exchange(ending_, true))
    return;
  spdlog::info("ending: {}", why);
  tell_systemd("STOPPING=1");
  unused_.cancel();
  server_->refuse_runs();
  supervisor_->list([this](result<std::vector<container_info>> all) {
    asio::post(io_, [this, all = std::move(all)] {
      stop_all(all ? *all : std::vector<container_info>{});
    });
  });
}

void daemon::stop_all(const std::vector<container_info>& all) {
  stopping_ = 1;
  for (const auto& info : all) {
    if (info.state == container_state::exited)
      continue;
    ++stopping_;
    supervisor_->stop(info.name, [this, name = info.name](result<void> done) {
      asio::post(io_, [this, name, done = std::move(done)] {
        if (!done)
          spdlog::warn("stopping {}: {}", name, done.error().text);
        settle();
      });
    });
  }
  settle();
}

void daemon::settle() {
  if (--stopping_ == 0)
    server_->drain([this] { io_.stop(); });
}

} // namespace pier::daemon
