#pragma once

/// Which sockets of a guest wait for clients, as it changes.
///
/// Theory of operation. The truth is a sock_diag dump of the guest's
/// namespace. What says that it may have changed: the guest's own calls of
/// listen(2) and bind(2), which a seccomp filter announces before they run, and
/// the kernel's news of sockets that are gone. After an announcement the dump
/// is taken at once and again a little later, because the call itself runs
/// after our answer; but dumps have no more than a tenth of the loop's time in
/// the long run. While the kernel has somebody to tell, it makes news of each
/// socket that goes, connected ones too, and throws those away only then: up to
/// a tenth of what a connection costs. So it is asked to while somebody needs
/// to know. A guest without a filter is dumped once a second, but only while
/// somebody waits for a service of its that is not there.

#include "net/audit/ledger.hpp"
#include "net/gateway/gateway.hpp"
#include "net/lifeline.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace pier::net {

class listening_watch {
public:
  using sink = std::function<void(const std::vector<service>&)>;

  /// The sink hears the whole set, sorted, whenever it has changed.
  listening_watch(
    boost::asio::io_context& io, guest_view view, const lease& at,
    sink changed);

  listening_watch(const listening_watch&) = delete;
  listening_watch& operator=(const listening_watch&) = delete;

  /// The seccomp descriptor of the guest's command; empty: there is none.
  void follow(fd notify);

  /// Whether the guest's own calls are heard: then no look is due to anybody.
  bool is_announced() const noexcept {
    return calls_.has_value();
  }

  void account(ledger& to, const std::string& owner);

  /// Whether some port waits for its service.
  void set_waiting(bool waiting);

  /// Whether it matters to anybody that a service is gone. At first it does
  /// not; once it does, whatever has gone before is told of.
  void set_needed(bool needed);

private:
  using descriptor = boost::asio::posix::stream_descriptor;
  using clock = boost::asio::steady_timer::clock_type;

  void await_calls();
  void answer_call();
  void await_deaths();
  void look();
  std::vector<service> services();
  void look_soon();
  void look_again();
  void look_each_second();

  boost::asio::io_context& io_;
  fd diag_;
  std::optional<descriptor> deaths_, calls_;
  lease at_;
  sink changed_;
  boost::asio::steady_timer later_, each_second_;
  /// When the looks until now will have had no more than their share.
  clock::time_point paid_{};
  std::vector<service> last_;
  std::vector<uint8_t> buffer_;
  /// How many looks are still due after an announcement.
  size_t looks_left_ = 0;
  bool waiting_ = true;
  bool needed_ = false;
  bool told_ = false;
  lifeline life_;
};

} // namespace pier::net
