#pragma once

/// Sayings and descriptors over a SOCK_SEQPACKET socket pair, and the plan in
/// a sealed memfd. Nothing here blocks but `receive` where it is told to.

#include "net/fd.hpp"
#include "net/sandbox/plan.hpp"
#include "net/sandbox/saying.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pier::net::box {

/// Descriptors that one packet carries at most.
constexpr size_t max_descriptors = 8;

struct parcel {
  saying said;
  std::vector<fd> descriptors;
  /// The sender's pid as the receiver's PID namespace counts; only where
  /// SO_PASSCRED is on.
  int sender = 0;
};

enum class reception : uint8_t {
  parcel,  // one was received
  nothing, // none waits
  closed,  // the peer is gone, or speaks another language
};

/// Both ends close on exec.
result<std::pair<fd, fd>> make_channel();

result<void> send(
  int socket, const saying& what, std::initializer_list<int> descriptors = {});

reception receive(int socket, parcel& out, bool wait);

/// A text, or a plan, as a file in memory that nobody can change any more.
result<fd> seal(std::string_view text);
result<fd> seal(const plan& what);

/// Hosts and resolv.conf of the plan, as word::files.
result<void> send_files(int socket, const plan& what);
/// False: they are not there, and the plan stays as it is.
bool read_files(const parcel& got, plan& what);

/// Refused where the file is not sealed, too long or not a plan.
result<std::string> unseal_text(int memory);
result<plan> unseal(int memory);

} // namespace pier::net::box
