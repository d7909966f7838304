#pragma once

/// The supervisors of one user: the daemon, and one in every `pier run` that
/// had none.

#include "tools/control/client.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <string>
#include <vector>

namespace pier::cli {

struct peer {
  /// Of its socket, or the name of the node that a console is attached to.
  std::string path;
  std::unique_ptr<control::client> line;
  bool daemon = false;
};

struct surroundings;

/// All that can be spoken to, the daemon first. Sockets that a dead `pier run`
/// left behind are removed. In a console: the daemons that it is attached to.
std::vector<peer>
find_peers(boost::asio::io_context& io, const surroundings& here);

/// What a supervisor says of itself.
struct peer_facts {
  std::string version;
  std::string program;
  int pid = 0;
  ip_address host;
  /// Names that are being started.
  std::vector<std::string> starting;
};

result<peer_facts> ask_facts(peer& whom);

/// Refused with ec::name_in_use when one of them has, or is starting, a
/// container of this name.
result<void> check_name_free(std::vector<peer>& all, const std::string& name);

/// The one that has the container, running if possible.
struct found {
  peer* where = nullptr;
  container_info info;
};

result<found> find_container(std::vector<peer>& all, const std::string& name);

/// "No such container: NAME", as Docker says it.
error no_such_container(const std::string& name);

} // namespace pier::cli
