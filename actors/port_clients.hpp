#pragma once

/// The clients of a container's published ports, by port: which sessions are
/// theirs, and how the last ones ended. Bounded; no messages.

#include "messages/why.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace pier::actors {

class port_clients {
public:
  /// A session of this id serves a client of the port.
  void enter(const std::string& session, const std::string& port);

  /// It has ended; whoever was no port's is not known here.
  void leave(const std::string& session);

  /// Keeps how it ended.
  void remember(past_client who);

  /// That are there.
  uint64_t count(const std::string& port) const;

  /// Those that have gone, the last one first.
  std::vector<past_client> last(const std::string& port) const;

private:
  std::unordered_map<std::string, std::string> port_of_;
  std::unordered_map<std::string, uint64_t> there_;
  std::map<std::string, std::deque<past_client>> gone_;
};

} // namespace pier::actors
