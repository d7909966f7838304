// The supervisor without a kernel under it: the same class as libpier's, for
// the tests of the doors. A container is a plain process, a published port a
// number that nobody listens on, and every name and state is kept as a value.

#include "config/difference.hpp"
#include "test/tools/fake_box.hpp"
#include "test/tools/fake_command.hpp"
#include "test/tools/fake_ports.hpp"
#include "tools/libpier/pier.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <ctime>
#include <future>
#include <map>
#include <thread>

namespace pier {

namespace asio = boost::asio;

struct supervisor::parts {
  settings with;
  news subscriber;
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{
    io.get_executor()};
  std::map<std::string, box> boxes;
  std::vector<std::thread> reapers;
  std::function<void()> when_empty;
  int names = 0;
  uint16_t next_port = 49153;
  std::thread loop;

  bool running(const std::string& name) {
    auto found = boxes.find(name);
    return found != boxes.end()
      && found->second.info.state != container_state::exited;
  }

  void tell(event::kind what, const std::string& name, std::string text) {
    subscriber({what, name, std::move(text)});
  }

  result<container_info>
  run(container_spec spec, const supervisor::descriptors& stdio) {
    if (spec.name.empty())
      spec.name = "fake_" + std::to_string(++names);
    if (running(spec.name))
      return error{
        ec::name_in_use,
        "the container name \"" + spec.name + "\" is already in use"};
    container_info info;
    info.name = spec.name;
    info.network = spec.network;
    info.command = spec.command;
    info.netns = spec.netns;
    info.started = std::time(nullptr);
    info.state = container_state::running;
    info.address = {
      3, with.network.subnet.net.plus(3), with.network.subnet6.net.plus(3)};
    if (!spec.attached()) {
      auto pid = start_command(spec, stdio);
      if (!pid)
        return pid.error();
      info.pid = *pid;
      reapers.emplace_back([this, name = spec.name, child = *pid] {
        int status = 0;
        ::waitpid(child, &status, 0);
        auto code = WIFSIGNALED(status) ? 128 + WTERMSIG(status)
                                        : WEXITSTATUS(status);
        asio::post(io, [this, name, code] { ended(name, code); });
      });
    }
    for (const auto& each : spec.publish)
      bind_ports(info, each, next_port);
    boxes[spec.name] = box{info, {}, {}};
    tell(event::kind::started, spec.name, "started");
    return info;
  }

  void ended(const std::string& name, int status) {
    auto& it = boxes[name];
    it.info.state = container_state::exited;
    it.info.exit_status = status;
    it.info.ports.clear();
    for (auto& done : std::exchange(it.waiting, {}))
      done(it.info);
    for (auto& done : std::exchange(it.stopping, {}))
      done({});
    tell(event::kind::exited, name, "exit status " + std::to_string(status));
    tell(event::kind::removed, name, "nothing is left");
    check_empty();
  }

  void check_empty() {
    for (const auto& [name, it] : boxes)
      if (running(name))
        return;
    if (when_empty)
      std::exchange(when_empty, nullptr)();
  }

  void stop(const std::string& name, supervisor::reply<void> done) {
    if (!running(name))
      return done(nobody(name));
    auto& it = boxes[name];
    it.stopping.push_back(std::move(done));
    if (it.info.pid == 0)
      return ended(name, 0);
    ::kill(it.info.pid, SIGTERM);
    auto timer = std::make_shared<asio::steady_timer>(io, with.timeouts.stop);
    timer->async_wait([this, timer, name, pid = it.info.pid](auto) {
      if (running(name) && boxes[name].info.pid == pid)
        ::kill(pid, SIGKILL);
    });
  }
};

result<std::unique_ptr<supervisor>>
supervisor::start(settings with, news subscriber, console_host, log reader) {
  auto made = std::make_unique<parts>();
  made->with = std::move(with);
  made->subscriber = [subscriber, reader](const event& news) {
    if (reader)
      reader(line_of(news));
    if (subscriber)
      subscriber(news);
  };
  made->loop = std::thread{[it = made.get()] { it->io.run(); }};
  asio::post(made->io, [it = made.get()] {
    it->tell(event::kind::gateway_up, "", "the gateway is up");
  });
  return std::unique_ptr<supervisor>{new supervisor{std::move(made)}};
}

supervisor::supervisor(std::unique_ptr<parts> made) : parts_(std::move(made)) {}

supervisor::~supervisor() {
  std::promise<void> empty;
  asio::post(parts_->io, [this, &empty] {
    parts_->when_empty = [&empty] { empty.set_value(); };
    for (auto& [name, it] : parts_->boxes)
      if (parts_->running(name))
        parts_->stop(name, [](result<void>) {});
    parts_->check_empty();
  });
  empty.get_future().wait();
  for (auto& each : parts_->reapers)
    each.join();
  parts_->io.stop();
  parts_->loop.join();
}

void supervisor::run(
  container_spec spec, descriptors stdio, reply<container_info> done) {
  // The caller keeps its own.
  auto copy = [](int each) {
    return each < 0 ? -1 : ::fcntl(each, F_DUPFD_CLOEXEC, 3);
  };
  descriptors copies{copy(stdio.in), copy(stdio.out), copy(stdio.err)};
  asio::post(parts_->io, [it = parts_.get(), spec, copies, done] {
    auto answer = it->run(spec, copies);
    for (auto each : {copies.in, copies.out, copies.err})
      if (each >= 0)
        ::close(each);
    done(std::move(answer));
  });
}

void supervisor::wait(std::string name, reply<container_info> done) {
  asio::post(parts_->io, [it = parts_.get(), name, done] {
    if (it->running(name))
      it->boxes[name].waiting.push_back(done);
    else if (it->boxes.count(name) != 0)
      done(it->boxes[name].info);
    else
      done(nobody(name));
  });
}

void supervisor::stop(std::string name, reply<void> done) {
  asio::post(
    parts_->io, [it = parts_.get(), name, done] { it->stop(name, done); });
}

void supervisor::signal(std::string name, int number, reply<void> done) {
  asio::post(parts_->io, [it = parts_.get(), name, number, done] {
    if (!it->running(name))
      return done(nobody(name));
    ::kill(it->boxes[name].info.pid, number);
    done({});
  });
}

void supervisor::publish(
  std::string name, port_spec spec, reply<std::vector<bound_port>> done) {
  asio::post(parts_->io, [it = parts_.get(), name, spec, done] {
    if (!it->running(name))
      return done(nobody(name));
    done(bind_ports(it->boxes[name].info, spec, it->next_port));
  });
}

void supervisor::unpublish(std::string name, port_spec spec, reply<void> done) {
  asio::post(parts_->io, [it = parts_.get(), name, spec, done] {
    if (!it->running(name))
      return done(nobody(name));
    auto gone = std::erase_if(
      it->boxes[name].info.ports, [&](const bound_port& port) {
        return port.container == spec.container.first;
      });
    if (gone == 0)
      return done(
        error{ec::no_such_port, name + " does not publish " + to_string(spec)});
    done({});
  });
}

void supervisor::list(reply<std::vector<container_info>> done) {
  asio::post(parts_->io, [it = parts_.get(), done] {
    std::vector<container_info> all;
    for (const auto& [name, each] : it->boxes)
      all.push_back(each.info);
    done(std::move(all));
  });
}

void supervisor::inspect(std::string name, reply<container_info> done) {
  asio::post(parts_->io, [it = parts_.get(), name, done] {
    if (it->boxes.count(name) == 0)
      return done(nobody(name));
    done(it->boxes[name].info);
  });
}

const settings& supervisor::begun_with() const noexcept {
  return parts_->with;
}

void supervisor::adopt(settings next, reply<adoption> done) {
  asio::post(parts_->io, [it = parts_.get(), next, done] {
    auto was = std::exchange(it->with, next);
    done(adoption{config::diff(was, next), 0});
  });
}

void supervisor::weigh(settings next, reply<adoption> done) {
  asio::post(parts_->io, [it = parts_.get(), next, done] {
    done(adoption{config::diff(it->with, next), 0});
  });
}

void supervisor::tree(reply<health> done) {
  asio::post(parts_->io, [it = parts_.get(), done] {
    health all{"containers", "containers", "up", 0, {}, {}};
    for (const auto& [name, each] : it->boxes)
      if (it->running(name))
        all.children.push_back({name, "container", "up", 0, {}, {}});
    done(health{"root", "root", "up", 0, {}, {all}});
  });
}

void supervisor::fault(std::string path, reply<void> done) {
  asio::post(parts_->io, [it = parts_.get(), path, done] {
    if (path != "containers")
      return done(error{ec::bad_request, "no actor at " + path});
    it->tell(event::kind::fault, "", path + " died and was restarted");
    done({});
  });
}

void supervisor::obey(act what, reply<uint64_t> done) {
  asio::post(parts_->io, [it = parts_.get(), what, done] {
    if (!it->running(what.path))
      return done(error{ec::bad_request, "no actor at " + what.path});
    it->tell(event::kind::paused, what.path, what.reason);
    done(uint64_t{what.what == act::kind::drain ? 2U : 0U});
  });
}

} // namespace pier
