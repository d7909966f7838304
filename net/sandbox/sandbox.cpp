// Theory of operation. The object that users hold is a handle; the work is
// done by a `watcher` that lives for as long as the shim does, kept by the
// handlers that wait for the shim's end, so that a dropped sandbox leaves no
// zombie. Terminal news (failed, exited) are told when the shim has been
// reaped, not when it announces them: who hears of an end finds nothing left.
// A shim that was killed cannot reap the container; then the end waits for the
// container's first process, whose pidfd was sent as soon as it was born.

#include "net/sandbox/sandbox.hpp"

#include "net/sandbox/given_plan.hpp"
#include "net/sandbox/refusal.hpp"
#include "net/sandbox/shim_channel.hpp"
#include "net/sandbox/shim_process.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <array>
#include <cerrno>
#include <csignal>
#include <optional>

namespace pier::net {

using namespace box;

namespace {

namespace asio = boost::asio;

/// How long the end of the whole io_context may wait for a shim whose channel
/// is closed: it kills its container and is gone.
constexpr int patience_at_exit = 2000;

class watcher : public std::enable_shared_from_this<watcher> {
public:
  watcher(
    asio::io_context& io, fd channel, shim_process shim, sandbox::events on)
    : channel_(io, channel.release()),
      life_(io, shim.life.release()),
      first_(io),
      pid_(shim.pid),
      on_(std::move(on)) {}

  watcher(const watcher&) = delete;
  watcher& operator=(const watcher&) = delete;

  ~watcher() {
    if (pid_ < 0)
      return;
    close(channel_);
    reap_shim(pid_, life_.native_handle(), patience_at_exit);
  }

  void begin() {
    wait_for_news();
    life_.async_wait(
      asio::posix::descriptor_base::wait_read,
      [me = shared_from_this()](boost::system::error_code trouble) {
        if (!trouble)
          me->shim_has_ended();
      });
  }

  void say(word what, int number) {
    // A shim that does not take it is dying, and its end is news enough.
    if (channel_.is_open())
      static_cast<void>(
        send(channel_.native_handle(), {what, number, ec::ok, {}}));
  }

  void say_files(const plan& what) {
    if (channel_.is_open())
      static_cast<void>(send_files(channel_.native_handle(), what));
  }

  /// The shim kills the container when the channel ends.
  void drop() {
    on_ = {};
    close(channel_);
    close(first_);
  }

  void account(ledger& to, const std::string& owner) {
    to.claim_open(channel_, owner + ": the way to its shim");
    to.claim_open(life_, owner + ": the life of its shim");
    to.claim_open(first_, owner + ": the life of its first process");
  }

private:
  using stream = asio::posix::stream_descriptor;

  static void close(stream& which) {
    boost::system::error_code ignored;
    if (which.is_open())
      static_cast<void>(which.close(ignored));
  }

  void wait_for_news() {
    channel_.async_wait(
      stream::wait_read,
      [me = shared_from_this()](boost::system::error_code trouble) {
        if (!trouble && me->hear())
          me->wait_for_news();
      });
  }

  /// False: nothing more will come. A sink may drop us.
  bool hear() {
    parcel got;
    while (channel_.is_open())
      switch (receive(channel_.native_handle(), got, false)) {
        case reception::nothing:
          return true;
        case reception::closed:
          close(channel_);
          return false;
        case reception::parcel:
          take(got);
      }
    return false;
  }

  void take(parcel& got) {
    auto first = got.descriptors.empty() ? fd{} : std::move(got.descriptors[0]);
    const auto& said = got.said;
    switch (said.what) {
      case word::namespaces:
        tell(std::move(on_.on_namespaces), std::move(first));
        break;
      case word::born:
        if (first && !first_.is_open())
          first_.assign(first.release());
        break;
      case word::started:
        started_ = true;
        tell(std::move(on_.on_started), said.number, std::move(first));
        break;
      case word::failed:
        failure_ = error{said.code, said.text};
        break;
      case word::exited:
        status_ = said.number;
        break;
      default:
        close(channel_);
    }
  }

  void shim_has_ended() {
    reap_shim(pid_, life_.native_handle(), 0);
    pid_ = -1;
    close(life_);
    hear();
    close(channel_);
    if (status_ || failure_ || !first_.is_open())
      return conclude();
    first_.async_wait(
      stream::wait_read,
      [me = shared_from_this()](boost::system::error_code trouble) {
        if (!trouble)
          me->conclude();
      });
  }

  void conclude() {
    close(first_);
    if (failure_)
      tell(std::move(on_.on_failed), *failure_);
    else if (started_)
      tell(std::move(on_.on_exited), status_.value_or(128 + SIGKILL));
    else
      tell(
        std::move(on_.on_failed),
        error{ec::failed, "the container's shim died before its command ran"});
  }

  /// Each sink is called once; it is out of our hands by then, for it may drop
  /// us and with us all sinks.
  template <class Sink, class... Ts>
  void tell(Sink sink, Ts&&... what) {
    if (sink)
      sink(std::forward<Ts>(what)...);
  }

  stream channel_;
  stream life_;  // of the shim
  stream first_; // of the container's first process
  int pid_;
  sandbox::events on_;
  bool started_ = false;
  std::optional<int> status_;
  std::optional<error> failure_;
};

class shim_sandbox : public sandbox {
public:
  explicit shim_sandbox(std::shared_ptr<watcher> made)
    : watcher_(std::move(made)) {}
  ~shim_sandbox() override {
    watcher_->drop();
  }

  void account(ledger& to, const std::string& owner) const override {
    watcher_->account(to, owner);
  }
  void go() override {
    watcher_->say(word::go, 0);
  }
  void signal(int number) override {
    watcher_->say(word::signal, number);
  }

  void
  rewrite(const std::string& hosts, const std::string& resolv_conf) override {
    plan what;
    what.hosts = hosts;
    what.resolv_conf = resolv_conf;
    watcher_->say_files(what);
  }

private:
  std::shared_ptr<watcher> watcher_;
};

plan plan_of(const sandbox_plan& from) {
  const auto& spec = from.spec;
  plan out;
  out.network = spec.network;
  out.command = spec.command;
  out.environment = spec.environment;
  out.mounts = spec.mounts;
  // A container always has a name of its own, cut to what the kernel takes.
  out.hostname = spec.hostname.empty() ? spec.name.substr(0, max_hostname)
                                       : spec.hostname;
  out.rootfs = spec.rootfs;
  out.workdir = spec.workdir;
  out.terminal = spec.terminal;
  out.resolv_conf = from.resolv_conf;
  out.hosts = from.hosts;
  return out;
}

} // namespace

result<std::unique_ptr<sandbox>>
sandbox::make(asio::io_context& io, sandbox_plan from, events on) {
  auto what = plan_of(from);
  if (auto checked = check(what); !checked)
    return checked.error();
  if (what.terminal && !from.in)
    return error{
      ec::bad_request, "a container with a terminal needs one as its stdin"};
  auto memory = seal(what);
  if (!memory)
    return memory.error();
  auto ends = make_channel();
  if (!ends)
    return ends.error();
  if (auto sent = send_plan(ends->first.get(), memory->get(), from); !sent)
    return sent.error();
  auto shim = start_shim(from.keeper, ends->second.get());
  if (!shim)
    return shim.error();
  auto made = std::make_shared<watcher>(
    io, std::move(ends->first), std::move(*shim), std::move(on));
  made->begin();
  return std::make_unique<shim_sandbox>(std::move(made));
}

} // namespace pier::net
