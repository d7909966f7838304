#pragma once

/// How a client of a published port is introduced to its guest: not at all, by
/// its name, or by a header that speaks of it.
///
/// Theory of operation. Sockets of the gateway are transparent: they may be
/// bound to anybody's address and port, which is then the peer that the guest
/// sees. Its answers leave by its default route, and at the gateway the rules
/// lead them to that socket, as they do with a flow out. Limits: a name can be
/// in use, by an earlier connection or by a flow out, and the guest must have
/// its default route by us, which an attached namespace may have not.

#include "messages/address.hpp"
#include "net/gateway/address_plan.hpp"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace pier::net {

/// Nothing of it set: the guest takes the gateway for its client.
struct introduction {
  /// In this name the guest is dialled, where it can be.
  std::optional<endpoint> name;
  /// Said before the client's first byte.
  std::string header;
};

/// Whether answers to this client would come by the gateway: those to loopback
/// stay with the guest, those to its own network are delivered there. Pure.
bool comes_from_afar(const guest_network& guests, const endpoint& client);

/// Gives a fresh socket of the gateway the client's name. False: it is in use,
/// and the socket is as before.
bool take_name(int socket, const endpoint& client);

/// Which clients talk to which guests in their own names by datagrams: of two
/// such sockets the kernel would not refuse the second one, and answer to it
/// alone. Must outlive what it gives.
class names_in_use {
public:
  /// Held for as long as the name is in use; null: it is already.
  std::shared_ptr<void> take(const endpoint& client, const endpoint& guest);

private:
  std::set<std::pair<endpoint, endpoint>> taken_;
};

} // namespace pier::net
