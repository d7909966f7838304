#pragma once

/// libpier: a supervised network for containers, in one header.
///
///     auto started = pier::supervisor::start({}, [](const pier::event&) {});
///     auto& net = **started;
///     net.run(spec, {0, 1, 2}, [](pier::result<pier::container_info> answer) {
///       …
///     });
///
/// Every call may be made from any thread, returns at once and answers once,
/// through its callback, on the supervisor's own thread: a callback must not
/// block, nor destroy the supervisor. Nothing is asked of the embedder's event
/// loop. No exception leaves it.

#include "messages/act.hpp"
#include "messages/adoption.hpp"
#include "messages/audit.hpp"
#include "messages/capture.hpp"
#include "messages/container.hpp"
#include "messages/error.hpp"
#include "messages/flow_info.hpp"
#include "messages/forward.hpp"
#include "messages/health.hpp"
#include "messages/log.hpp"
#include "messages/settings.hpp"
#include "messages/tally.hpp"
#include "messages/why.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace pier {

/// Role: the gateway, its containers and everything of theirs, as one object.
/// Lifetime: its destructor stops every container, as `stop` does, and returns
/// when nothing is left in the kernel.
class supervisor {
public:
  template <class T>
  using reply = std::function<void(result<T>)>;

  /// Called for every event, in order, on the supervisor's thread.
  using news = std::function<void(const event&)>;

  /// Called for every line of the log, as often as the settings' level and acts
  /// of a person let it; events are among them. On the supervisor's thread.
  using log = std::function<void(const log_line&)>;

  /// What a supervisor with consoles asks of its embedder, on its own thread.
  struct console_host {
    /// A request of the control protocol, for what no actor answers. It is
    /// answered by `answer_console`, with the same two numbers.
    std::function<void(uint64_t console, uint64_t id, std::string request)> ask;
    /// The console's actor has ended: its connection is to be closed.
    std::function<void(uint64_t console)> gone;
  };

  /// Starts the threads and the tree. The gateway comes up behind it; what
  /// needs it waits for it, and is refused in words when it cannot be made.
  /// The process may from then on have as many descriptors as its hard limit
  /// and the memory of its control group allow.
  /// With a `host`, consoles can be attached, which costs a thread more.
  /// Without a `reader` nothing is said for a log.
  static result<std::unique_ptr<supervisor>> start(
    settings with, news subscriber, console_host host = {}, log reader = {});

  ~supervisor();

  supervisor(const supervisor&) = delete;
  supervisor& operator=(const supervisor&) = delete;

  /// Descriptors for a command: in, out, err. They are duplicated; the
  /// caller keeps its own. -1 stands for /dev/null.
  struct descriptors {
    int in = -1;
    int out = -1;
    int err = -1;
  };

  /// Starts a container, or attaches one to the namespace of another runtime.
  /// Answers when its command runs and its ports are reserved; a refusal
  /// leaves nothing behind. An empty name is replaced by a random one.
  void run(container_spec spec, descriptors stdio, reply<container_info> done);

  /// Answers when the container has ended and nothing is left of it.
  void wait(std::string name, reply<container_info> done);

  /// SIGTERM, after the settings' grace SIGKILL; answers when nothing is left.
  /// Of an attached container only the network is taken away.
  void stop(std::string name, reply<void> done);

  /// Sends a signal to the container's command.
  void signal(std::string name, int number, reply<void> done);

  /// Publishes a further spec on a running container; answers what was bound.
  void publish(
    std::string name, port_spec spec, reply<std::vector<bound_port>> done);
  void unpublish(std::string name, port_spec spec, reply<void> done);

  /// Containers that run and, until their name is used again, those that ran.
  void list(reply<std::vector<container_info>> done);
  void inspect(std::string name, reply<container_info> done);

  /// The flows of one container, or of all where the name is empty, as they
  /// stand.
  void flows(std::string name, reply<std::vector<flow_info>> done);

  /// The static forwards of the settings, as they are now.
  void forwards(reply<std::vector<forward_info>> done);

  /// Those that it has begun with. A default network in the way of a route of
  /// the host has given way to another one.
  const settings& begun_with() const noexcept;

  /// From now on these settings hold, as a whole; or not at all, when one of
  /// them cannot be, or a new forward cannot listen. Only what differs is
  /// touched. Answers what that is, and how many flows have ended: those that
  /// new rules forbid, whose addresses are others, or whose forward is gone.
  void adopt(settings next, reply<adoption> done);

  /// What `adopt` would answer.
  void weigh(settings next, reply<adoption> done);

  /// The live supervision tree.
  void tree(reply<health> done);

  /// All that was counted: of each container while it is there, of each static
  /// forward while it stands in the settings. A count never grows less.
  void count(reply<metrics> done);

  /// How much is said for the log, and where; none where nobody reads it.
  void log_rules(reply<std::vector<log_rule>> done);

  /// Attaches a console, whose client the embedder knows, and calls so in the
  /// event log. `socket` is not blocking, speaks BASP, the wire protocol of CAF
  /// 0.17, and is the supervisor's from now on; what comes out of it has passed
  /// net/console/frame_gate. No two have one number.
  void attach_console(
    uint64_t number, std::string client, int socket, reply<void> done);

  /// Its connection is closed. Not to be called of one that is gone.
  void detach_console(uint64_t number);

  void answer_console(uint64_t number, uint64_t id, std::string text);

  /// An event for a console that asked for them.
  void tell_console(uint64_t number, event what);

  /// Throws inside the actor at `path` (names of `tree` below its root, joined
  /// by "/"; the root itself is "root"): for tests of whoever embeds us, and
  /// for our own.
  void fault(std::string path, reply<void> done);

  /// Why a container reaches that destination or not: each decision on the way,
  /// and what a real connection from here, closed at once, came to.
  void why(std::string container, destination to, reply<explanation> done);

  /// Why a client of a port of the host reaches somebody or not, whoever has
  /// it.
  void why(host_port which, reply<explanation> done);

  /// Somebody is to see the packets of a container, or of a port of the host
  /// that one has: `what` is the name of the one or the number of the other.
  /// `client` is he, as the event log is to call him. `packets` is a socket
  /// that hears nothing until it is bound (net/capture/packet_ring), `line` one
  /// whose end of file is the end of it all, as its closing is here; both are
  /// the callback's from then on.
  struct capture_ends {
    capture_grant what;
    int packets = -1;
    int line = -1;
  };
  void capture(std::string what, std::string client, reply<capture_ends> done);

  /// Everything that the kernel has of this process and of ours, and whose it
  /// is; what is the embedder's own is known by these marks, or was there
  /// before this supervisor was.
  void audit(audit_marks own, reply<std::vector<audit_row>> done);

  /// What a person does by hand: at a path as above, at the name of a
  /// container, or at a port by its number on the host ("8000",
  /// "127.0.0.1:53/udp"). Answers how many flows are left where they were
  /// waited for, else 0. Each act is an event, with its reason.
  void obey(act what, reply<uint64_t> done);

private:
  struct parts;
  explicit supervisor(std::unique_ptr<parts> made);
  std::unique_ptr<parts> parts_;
};

} // namespace pier
