#pragma once

/// The daemons that a console is attached to, each a node of CAF's network.

#include "messages/error.hpp"
#include "messages/handles.hpp"
#include "net/fd.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <memory>
#include <string>
#include <vector>

namespace pier::cli {

/// One of them: what it is called here, and the handle that it has given us.
struct node {
  std::string name;
  console_actor handle;
  /// Of another machine.
  bool far = false;
};

/// Role: an actor system of our own that connects to nobody but over sockets
/// that it is handed.
/// Lifetime: its clients (node_client) are gone before it.
class nodes {
public:
  nodes();
  ~nodes();

  nodes(const nodes&) = delete;
  nodes& operator=(const nodes&) = delete;

  /// The socket is connected to the door of a daemon, and its other side knows
  /// who we are. Refused when it hangs up, or says nothing for ten seconds.
  result<void>
  attach(const std::string& name, net::fd socket, bool far = false);

  const std::vector<node>& all() const noexcept {
    return all_;
  }

  /// Those that a command is for: the one that was chosen, or all.
  std::vector<node> chosen() const;

  /// Empty: all. False: there is none of this name.
  bool choose(const std::string& name);
  const std::string& choice() const noexcept {
    return choice_;
  }

  /// What a prompt shows: the node that is asked, or all.
  std::string title() const;

  /// A Ctrl-C ends the command that runs, not the console.
  bool interactive = false;

  caf::actor_system& system() noexcept {
    return *system_;
  }

private:
  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  std::vector<node> all_;
  std::string choice_;
};

} // namespace pier::cli
