#include "net/premises/kernel_premises.hpp"

#include "net/capture/kernel_tap.hpp"
#include "net/premises/foreign_namespace.hpp"
#include "net/premises/guest_files.hpp"
#include "net/premises/waiting_port.hpp"

#include <algorithm>
#include <ctime>

namespace pier::net {

kernel_premises::kernel_premises(
  premises_surroundings around, container_spec spec, lease at,
  std::function<void()> vacated)
  : around_(std::move(around)),
    spec_(std::move(spec)),
    at_(at),
    vacated_(std::move(vacated)),
    deadline_(around_.io) {
  info_.name = spec_.name;
  info_.network = spec_.network;
  info_.command = spec_.command;
  info_.netns = spec_.netns;
  if (spec_.network == network_mode::bridge)
    info_.address = at_;
  if (!spec_.attached())
    agent_ = std::make_unique<kernel_agent_door>(around_.io);
}

const container_spec& kernel_premises::spec() const {
  return spec_;
}

lease kernel_premises::address() const {
  return info_.address;
}

container_info kernel_premises::info() const {
  auto out = info_;
  for (const auto& each : ports_) {
    auto bound = each->bound();
    out.ports.insert(out.ports.end(), bound.begin(), bound.end());
  }
  return out;
}

// -- ports --------------------------------------------------------------------

result<std::shared_ptr<port>> kernel_premises::reserve(const port_spec& what) {
  auto made = around_.reserve(what, spec_.name);
  if (made)
    ports_.push_back(*made);
  heed_ports();
  return made;
}

std::vector<std::shared_ptr<port>> kernel_premises::ports() const {
  return ports_;
}

void kernel_premises::release(const std::shared_ptr<port>& which) {
  std::erase(ports_, which);
  heed_ports();
}

void kernel_premises::heed_ports() {
  if (!watch_)
    return;
  watch_->set_needed(!ports_.empty());
  if (watch_->is_announced())
    return; // Nobody waits for a look that comes by itself.
  served_ports served{
    listening_ ? listening_->services : std::vector<service>{}};
  watch_->set_waiting(
    std::any_of(ports_.begin(), ports_.end(), [&](const auto& each) {
      return waits(each->spec(), served);
    }));
}

agent_door* kernel_premises::agent() {
  return agent_.get();
}

std::unique_ptr<net::tap> kernel_premises::tap(net::tap::sink events) {
  return std::make_unique<kernel_tap>(
    around_.io, around_.gate, at_, around_.taps, std::move(events));
}

// -- the start ----------------------------------------------------------------

void kernel_premises::start(ticket stdio) {
  if (begun_)
    return;
  begun_ = true;
  info_.started = ::time(nullptr);
  if (spec_.attached()) {
    auto unused = around_.withdraw(stdio);
    for (auto each : {unused.in, unused.out, unused.err})
      fd{each}.reset();
    start_attached();
  } else {
    start_sandbox(stdio);
  }
}

void kernel_premises::start_sandbox(ticket stdio) {
  auto descriptors = around_.withdraw(stdio);
  sandbox_plan plan;
  plan.spec = spec_;
  plan.keeper = around_.keeper;
  plan.user_namespace = around_.gate.user_namespace();
  plan.hosts = hosts();
  if (spec_.network == network_mode::bridge)
    plan.resolv_conf = resolv_conf();
  plan.in = fd{descriptors.in};
  plan.out = fd{descriptors.out};
  plan.err = fd{descriptors.err};
  plan.agent = agent_->share();
  auto me = weak_from_this();
  sandbox::events on;
  on.on_namespaces = [me](fd netns) {
    if (auto self = me.lock())
      self->plug(std::move(netns));
  };
  on.on_started = [me](int pid, fd notify) {
    if (auto self = me.lock())
      self->hear_started(pid, std::move(notify));
  };
  on.on_failed = [me](const error& why) {
    if (auto self = me.lock()) {
      self->process_gone_ = true;
      self->fail(why);
    }
  };
  on.on_exited = [me](int status) {
    if (auto self = me.lock()) {
      self->process_gone_ = true;
      self->hear_exited(status);
    }
  };
  auto made = sandbox::make(around_.io, std::move(plan), std::move(on));
  if (!made)
    return fail(made.error());
  sandbox_ = std::move(*made);
  if (spec_.network == network_mode::host)
    sandbox_->go();
}

std::string kernel_premises::hosts() const {
  return guest_hosts(spec_, at_);
}

std::string kernel_premises::resolv_conf() const {
  return guest_resolv_conf(around_.guests, around_.search());
}

void kernel_premises::renumber(const guest_network& guests, const lease& at) {
  auto was = std::exchange(around_.guests, guests);
  at_ = at;
  // What was written for "host-gateway".
  for (auto& [name, ip] : spec_.hosts)
    if (ip == was.host)
      ip = guests.host;
  if (spec_.network != network_mode::bridge)
    return;
  info_.address = at;
  if (sandbox_)
    sandbox_->rewrite(hosts(), resolv_conf());
}

void kernel_premises::warn(std::string text) {
  info_.warnings.push_back(std::move(text));
}

void kernel_premises::start_attached() {
  auto opened = open_namespace(spec_.netns);
  if (!opened)
    return fail(opened.error());
  if (opened->process) {
    attached_process_.emplace(around_.io, opened->process.release());
    attached_process_->async_wait(
      boost::asio::posix::stream_descriptor::wait_read,
      [me = weak_from_this()](const boost::system::error_code& why) {
        if (auto self = me.lock(); self && !why)
          self->hear_exited(0);
      });
  }
  plug(std::move(opened->netns));
}

void kernel_premises::plug(fd netns) {
  if (spec_.network != network_mode::bridge)
    return sandbox_->go();
  // From here on there may be a link to pull, whatever the answer is.
  plugged_ = true;
  around_.gate.plug(
    at_, netns.get(), [me = weak_from_this()](result<guest_view> view) {
      if (auto self = me.lock())
        self->hear_plugged(std::move(view));
    });
}

void kernel_premises::hear_plugged(result<guest_view> view) {
  if (!view)
    return fail(view.error());
  if (vacating_)
    return;
  watch_ = std::make_unique<listening_watch>(
    around_.io, std::move(*view), at_,
    [me = weak_from_this()](const std::vector<service>& services) {
      if (auto self = me.lock()) {
        premises_event news;
        news.what = premises_event::kind::listening;
        news.services = services;
        self->listening_ = news;
        self->heed_ports();
        self->tell(news);
      }
    });
  if (sandbox_)
    sandbox_->go();
  else
    hear_started(0, fd{});
}

void kernel_premises::hear_started(int pid, fd notify) {
  info_.state = container_state::running;
  info_.pid = pid;
  if (agent_ && !agent_->open())
    warn("it has no SSH agent: /run/host-services cannot be made in it");
  if (watch_) {
    heed_ports();
    watch_->follow(std::move(notify));
  }
  premises_event news;
  news.what = premises_event::kind::started;
  news.pid = pid;
  started_ = news;
  tell(news);
}

// -- the end ------------------------------------------------------------------

void kernel_premises::hear_exited(int status) {
  if (ended_ && !vacating_)
    return;
  info_.state = container_state::exited;
  info_.pid = 0;
  info_.exit_status = status;
  premises_event news;
  news.what = premises_event::kind::exited;
  news.status = status;
  ended_ = news;
  tell(news);
  if (vacating_)
    pull_link();
}

void kernel_premises::fail(const error& why) {
  info_.state = container_state::exited;
  info_.failure = why.text;
  premises_event news;
  news.what = premises_event::kind::not_started;
  news.why = why;
  ended_ = news;
  tell(news);
  if (vacating_)
    pull_link();
}

void kernel_premises::watch(sink events) {
  sink_ = std::move(events);
  for (const auto& each : {started_, listening_, ended_})
    if (each)
      tell(*each);
}

void kernel_premises::tell(const premises_event& news) {
  if (sink_)
    sink_(news);
}

void kernel_premises::signal(int number) {
  if (sandbox_ && !ended_)
    sandbox_->signal(number);
}

void kernel_premises::account(ledger& to) const {
  auto owner = "containers/" + spec_.name;
  if (sandbox_)
    sandbox_->account(to, owner);
  if (agent_)
    agent_->account(to, owner);
  if (watch_)
    watch_->account(to, owner);
}

} // namespace pier::net
