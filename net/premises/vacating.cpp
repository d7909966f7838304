/// The end of kernel premises: nothing of a container may be left when its
/// stop is answered.

#include "net/premises/kernel_premises.hpp"

#include <csignal>

namespace pier::net {

namespace {

/// A killed process that is not gone by then is reported as left behind.
constexpr std::chrono::seconds kill_deadline{5};

} // namespace

void kernel_premises::vacate(
  std::function<void(std::vector<std::string>)> done) {
  auto begun = static_cast<bool>(vacating_);
  vacating_ = std::move(done);
  if (begun)
    return;
  sink_ = nullptr;
  watch_.reset();
  attached_process_.reset();
  for (const auto& each : ports_) {
    auto bound = each->bound();
    last_bound_.insert(last_bound_.end(), bound.begin(), bound.end());
  }
  ports_.clear();
  if (!sandbox_ || process_gone_)
    return pull_link();
  // Its end is heard as any other; the deadline is for a kernel that has lost
  // it.
  sandbox_->signal(SIGKILL);
  deadline_.expires_after(kill_deadline);
  deadline_.async_wait(
    [me = weak_from_this()](const boost::system::error_code& why) {
      if (auto self = me.lock(); self && !why)
        self->pull_link();
    });
}

void kernel_premises::pull_link() {
  deadline_.cancel();
  if (!plugged_)
    return settle();
  plugged_ = false;
  around_.gate.unplug(at_, [me = shared_from_this()](result<void> how) {
    me->link_trouble_ = how ? error{ec::ok, {}} : how.error();
    me->settle();
  });
}

/// A connection that has been reset is a port without a client to the audit,
/// as long as its relay holds it.
void kernel_premises::settle() {
  around_.settle([me = shared_from_this()] { me->finish_vacating(); });
}

void kernel_premises::finish_vacating() {
  auto done = std::exchange(vacating_, nullptr);
  if (!done)
    return;
  auto leftovers = around_.audit(last_bound_);
  if (sandbox_ && !process_gone_)
    leftovers.push_back(
      "process " + std::to_string(info_.pid) + " of container " + spec_.name
      + " has not died");
  if (link_trouble_.code != ec::ok)
    leftovers.push_back(
      "the link of container " + spec_.name + ": " + link_trouble_.text);
  sandbox_.reset();
  auto keep = shared_from_this();
  vacated_();
  done(std::move(leftovers));
}

} // namespace pier::net
