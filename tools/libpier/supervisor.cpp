#include "config/container_rules.hpp"
#include "net/overlap.hpp"
#include "tools/libpier/descriptor_share.hpp"
#include "tools/libpier/parts.hpp"

#include <caf/all.hpp>

#include <fcntl.h>

#include <algorithm>

namespace pier {

namespace {

/// How long an actor that was restarted is given before it is asked again.
constexpr std::chrono::milliseconds rebirth{100};

/// A default network gives way to a route of the host; one that somebody has
/// chosen is refused.
result<void> make_way(settings& with, const supervisor::news& tell) {
  auto routes = net::host_routes();
  auto fitted = net::fit_among(routes, with.network, nullptr);
  if (!fitted)
    return fitted.error();
  auto was = std::exchange(with.network, *fitted);
  for (const auto& each : net::overlapping(routes, was)) {
    auto v4 = each.to.net.is_v4();
    tell(
      {event::kind::warning,
       {},
       net::overlap_error(routes, was, each).text + ": this time "
         + to_string(v4 ? with.network.subnet : with.network.subnet6)
         + " is used instead"});
  }
  return {};
}

int duplicate(int number) {
  if (number < 0)
    return ::open("/dev/null", O_RDWR | O_CLOEXEC);
  return fcntl(number, F_DUPFD_CLOEXEC, 3);
}

void give_back(const net::stdio& copies) {
  for (int each : {copies.in, copies.out, copies.err})
    ::close(each);
}

} // namespace

/// Once the end has begun nothing starts any more: the containers that were
/// there are the ones that it waits for.
void supervisor::parts::start(
  container_spec spec, const net::stdio& copies,
  const reply<container_info>& done) {
  if (control.closing() || !control.root()) {
    give_back(copies);
    return done(has_no_root());
  }
  if (spec.name.empty())
    spec.name = config::random_name(random());
  std::vector<std::string> warnings;
  auto checked = config::check(std::move(spec), warnings);
  if (!checked) {
    give_back(copies);
    return done(checked.error());
  }
  auto answer = [done, warnings](result<container_info> started) {
    if (started)
      started->warnings = warnings;
    done(std::move(started));
  };
  ask_now<container_info>(
    answer, atom::run::value, *checked, control.network().deposit(copies));
}

/// A wait asks for nothing but news, so that a bug on the way is no concern of
/// whoever waits.
void supervisor::parts::wait(std::string name, reply<container_info> done) {
  if (!control.root())
    return control.root_is_lost() ? done(has_no_root())
                                  : wait_later(name, done);
  auto heard = [this, name, done](result<container_info> last) {
    if (!last && last.error().code == ec::interrupted)
      wait_later(name, done);
    else
      done(std::move(last));
  };
  ask_now<container_info>(heard, atom::wait::value, name);
}

void supervisor::parts::wait_later(
  const std::string& name, const reply<container_info>& done) {
  control.system().spawn(
    [this, name, done](caf::event_based_actor* self) -> caf::behavior {
      self->delayed_send(self, rebirth, atom::wait::value);
      return {[this, self, name, done](atom::wait) {
        wait(name, done);
        self->quit();
      }};
    });
}

void supervisor::parts::strike_root(const reply<void>& done) {
  if (!control.root())
    return done(has_no_root());
  caf::anon_send(control.root(), atom::fault::value);
  done({});
}

result<std::unique_ptr<supervisor>> supervisor::start(
  settings with, news subscriber, console_host host, log reader) {
  auto most_flows = divide_descriptors();
  with.limits.flows = std::min(with.limits.flows, most_flows);
  if (!subscriber)
    subscriber = [](const event&) {};
  auto tell = [&](const event& news) {
    subscriber(news);
    if (reader && line_of(news).level >= with.log.level)
      reader(line_of(news));
  };
  if (auto done = make_way(with, tell); !done)
    return done.error();
  auto made = std::make_unique<parts>(
    with, std::move(subscriber), std::move(host), std::move(reader));
  made->most_flows = most_flows;
  made->begun_with = std::move(with);
  return std::unique_ptr<supervisor>{new supervisor(std::move(made))};
}

supervisor::supervisor(std::unique_ptr<parts> made) : parts_(std::move(made)) {}

supervisor::~supervisor() = default;

void supervisor::run(
  container_spec spec, descriptors stdio, reply<container_info> done) {
  net::stdio copies{
    duplicate(stdio.in), duplicate(stdio.out), duplicate(stdio.err)};
  parts_->control.post([parts = parts_.get(), spec = std::move(spec), copies,
                        done] { parts->start(spec, copies, done); });
}

void supervisor::wait(std::string name, reply<container_info> done) {
  parts_->control.post([parts = parts_.get(), name = std::move(name), done] {
    parts->wait(name, done);
  });
}

void supervisor::stop(std::string name, reply<void> done) {
  parts_->ask<void>(done, atom::stop::value, std::move(name));
}

void supervisor::signal(std::string name, int number, reply<void> done) {
  parts_->ask<void>(done, atom::signal::value, std::move(name), number);
}

void supervisor::publish(
  std::string name, port_spec spec, reply<std::vector<bound_port>> done) {
  parts_->ask<std::vector<bound_port>>(
    done, atom::publish::value, std::move(name), spec);
}

void supervisor::unpublish(std::string name, port_spec spec, reply<void> done) {
  parts_->ask<void>(done, atom::unpublish::value, std::move(name), spec);
}

void supervisor::list(reply<std::vector<container_info>> done) {
  parts_->ask<std::vector<container_info>>(done, atom::list::value);
}

void supervisor::inspect(std::string name, reply<container_info> done) {
  parts_->ask<container_info>(done, atom::inspect::value, std::move(name));
}

void supervisor::forwards(reply<std::vector<forward_info>> done) {
  parts_->ask<std::vector<forward_info>>(done, atom::enumerate::value);
}

const settings& supervisor::begun_with() const noexcept {
  return parts_->begun_with;
}

void supervisor::flows(std::string name, reply<std::vector<flow_info>> done) {
  parts_->ask<std::vector<flow_info>>(
    done, atom::flows::value, std::move(name));
}

void supervisor::count(reply<metrics> done) {
  parts_->ask<metrics>(done, atom::tally::value);
}

void supervisor::adopt(settings next, reply<adoption> done) {
  next.limits.flows = std::min(next.limits.flows, parts_->most_flows);
  parts_->ask<adoption>(
    done, atom::adopt::value,
    std::make_shared<const settings>(std::move(next)));
}

void supervisor::weigh(settings next, reply<adoption> done) {
  next.limits.flows = std::min(next.limits.flows, parts_->most_flows);
  parts_->ask<adoption>(
    done, atom::weigh::value,
    std::make_shared<const settings>(std::move(next)));
}

void supervisor::tree(reply<health> done) {
  parts_->ask<health>(
    [done](result<health> answer) {
      if (answer)
        answer->name = "root";
      done(std::move(answer));
    },
    atom::status::value);
}

void supervisor::fault(std::string path, reply<void> done) {
  if (path == root_path)
    return parts_->control.post(
      [parts = parts_.get(), done] { parts->strike_root(done); });
  parts_->ask<void>(done, atom::fault::value, std::move(path));
}

void supervisor::obey(act what, reply<uint64_t> done) {
  parts_->control.post([parts = parts_.get(), what = std::move(what), done] {
    parts->obey(what, done);
  });
}

void supervisor::why(
  std::string container, destination to, reply<explanation> done) {
  parts_->ask<explanation>(
    done, atom::explain::value, std::move(container), std::move(to));
}

void supervisor::why(host_port which, reply<explanation> done) {
  parts_->ask<explanation>(done, atom::explain::value, which);
}

void supervisor::capture(
  std::string what, std::string client, reply<capture_ends> done) {
  auto hand_over = [parts = parts_.get(), done](result<capture_grant> leave) {
    if (!leave)
      return done(leave.error());
    auto ends = parts->control.network().take_tap(leave->number);
    if (!ends.line)
      return done(error{ec::stopped, "the capture has ended already"});
    done(capture_ends{*leave, ends.packets.release(), ends.line.release()});
  };
  parts_->ask<capture_grant>(
    hand_over, atom::capture::value, std::move(what), std::move(client));
}

void supervisor::audit(audit_marks own, reply<std::vector<audit_row>> done) {
  parts_->ask<std::vector<audit_row>>(done, atom::audit::value, std::move(own));
}

} // namespace pier
