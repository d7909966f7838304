#pragma once

/// The premises of one container in the real kernel: its sandbox (or the
/// foreign namespace it is attached to), its link to the gateway, its reserved
/// ports and the watch on its sockets.
///
/// Order of a start: namespaces are made and wait, the gateway plugs them in,
/// the watch begins, then the command runs: it never sees a network that is
/// not there, and no `listen` of its is missed. Order of an end: ports close,
/// processes die, the link is pulled, the lease goes back, the audit looks.

#include "net/agent/door.hpp"
#include "net/capture/tap_store.hpp"
#include "net/gateway/gateway.hpp"
#include "net/network.hpp"
#include "net/port/listening_watch.hpp"
#include "net/sandbox/sandbox.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pier::net {

/// What premises need of the network that they are part of.
struct premises_surroundings {
  boost::asio::io_context& io;
  gateway& gate;
  tap_store& taps;
  guest_network guests;
  std::string keeper;
  /// The host's search domains, as they are now.
  std::function<std::vector<std::string>()> search;
  /// Reserves host ports in the name of a container.
  std::function<result<std::shared_ptr<port>>(
    const port_spec& spec, const std::string& owner)>
    reserve;
  /// Takes deposited descriptors.
  std::function<stdio(ticket)> withdraw;
  /// Calls back when relays that were dropped have closed their sockets.
  std::function<void(std::function<void()>)> settle;
  /// Of these bound ports, what the kernel still has, as sentences.
  std::function<std::vector<std::string>(const std::vector<bound_port>&)> audit;
};

class kernel_premises : public premises,
                        public std::enable_shared_from_this<kernel_premises> {
public:
  /// `vacated` is called once, after the audit, and may destroy this.
  kernel_premises(
    premises_surroundings around, container_spec spec, lease at,
    std::function<void()> vacated);

  /// It lives there from now on: the files of a command that runs say so, too.
  void renumber(const guest_network& guests, const lease& at);

  /// What a person is to see beside its other facts.
  void warn(std::string text);

  void account(ledger& to) const;

  /// The number of its link.
  uint32_t link() const noexcept {
    return at_.link;
  }

  const container_spec& spec() const override;
  lease address() const override;
  container_info info() const override;
  result<std::shared_ptr<port>> reserve(const port_spec& what) override;
  std::vector<std::shared_ptr<port>> ports() const override;
  void release(const std::shared_ptr<port>& which) override;
  agent_door* agent() override;
  std::unique_ptr<net::tap> tap(net::tap::sink events) override;
  void start(ticket stdio) override;
  void watch(sink events) override;
  void signal(int number) override;
  void vacate(std::function<void(std::vector<std::string>)> done) override;

private:
  void start_sandbox(ticket stdio);
  void start_attached();
  std::string hosts() const;
  std::string resolv_conf() const;
  void plug(fd netns);
  void hear_plugged(result<guest_view> view);
  void hear_started(int pid, fd notify);
  void hear_exited(int status);
  void fail(const error& why);
  void tell(const premises_event& news);
  /// Tells the watch whether there are ports, and whether one waits for its
  /// service.
  void heed_ports();
  void settle();
  void finish_vacating();
  void pull_link();

  premises_surroundings around_;
  container_spec spec_;
  lease at_;
  std::function<void()> vacated_;
  container_info info_;
  std::vector<std::shared_ptr<port>> ports_;
  std::unique_ptr<sandbox> sandbox_;
  std::unique_ptr<kernel_agent_door> agent_;
  std::unique_ptr<listening_watch> watch_;
  std::optional<boost::asio::posix::stream_descriptor> attached_process_;
  boost::asio::steady_timer deadline_;
  sink sink_;
  std::optional<premises_event> started_, ended_, listening_;
  std::function<void(std::vector<std::string>)> vacating_;
  std::vector<bound_port> last_bound_;
  error link_trouble_{ec::ok, {}};
  bool begun_ = false;
  bool plugged_ = false;
  bool process_gone_ = false;
};

} // namespace pier::net
