#pragma once

/// What the main process and the keeper say to each other: one datagram a
/// message (SOCK_SEQPACKET), descriptors beside it (SCM_RIGHTS). Both ends are
/// ours and of one build, so the messages are plain structs; a wrong size is
/// the end of the conversation all the same.

#include "net/fd.hpp"
#include "net/gateway/address_plan.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pier::net {

/// Most descriptors of one message: the kernel's SCM_MAX_FD.
constexpr size_t most_descriptors = 253;

enum class keeper_verb : uint32_t {
  found,   // make the namespaces; `net` counts
  enter,   // descriptors: network namespace, then user namespace if there is
  sockets, // `kind`, `type`, `count`
  plug,    // `net`, `at`; descriptor: the guest's network namespace
  move,    // the same, of a guest that is plugged in
  unplug,  // `at`
  tap,     // `at`; answers with a packet socket (net/link/link_tap)
  // The guests' network was `was` and is `net`. Answers with new DNS sockets,
  // as net/gateway/renumbering says.
  renumber,
  expose,   // `net`, `at`, `link`; descriptor: the host's network namespace
  withdraw, // the link of `expose`, if there is one
};

struct keeper_request {
  keeper_verb verb = keeper_verb::found;
  uint32_t id = 0;
  guest_network net;
  guest_network was;
  lease at;
  family kind = family::v4;
  int type = 0;
  uint32_t count = 0;
  std::array<char, 16> link{};
};

struct keeper_reply {
  uint32_t id = 0;
  ec code = ec::ok;
  /// 1 when there is a user namespace among the descriptors of `found`.
  uint32_t has_user_namespace = 0;
  std::array<char, 480> text{};
};

template <class T>
struct parcel {
  T what;
  std::vector<fd> descriptors;
};

/// False: the other end is gone, or the message could not be sent.
bool send_parcel(
  int channel, const void* bytes, size_t size, const std::vector<int>& fds);

/// The size that was sent, which may be more than `size`; 0: the end; -1 with
/// errno EAGAIN: nothing yet.
ssize_t
receive_parcel(int channel, void* bytes, size_t size, std::vector<fd>& fds);

template <class T>
bool send_parcel(int channel, const T& what, const std::vector<int>& fds = {}) {
  return send_parcel(channel, &what, sizeof(T), fds);
}

} // namespace pier::net
