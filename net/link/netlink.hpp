#pragma once

/// A few sentences of rtnetlink, by libnl. Each refusal names what was tried.

#include "messages/address.hpp"
#include "messages/error.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

struct nl_sock;
struct rtnl_link;

namespace pier::net {

/// A route socket of the namespace that it was opened in.
class netlink {
public:
  static result<netlink> open();

  netlink(netlink&&) noexcept;
  netlink& operator=(netlink&&) noexcept;
  ~netlink();

  result<int> index_of(const std::string& link);
  bool has(const std::string& link);

  result<void> add_bridge(const std::string& name, unsigned mtu);

  /// A pair, one end here on a bridge, the other in another namespace.
  result<void> add_veth(
    const std::string& name, const std::string& bridge, const std::string& peer,
    int peer_netns, unsigned mtu);
  /// One that is gone already has been removed.
  result<void> remove(const std::string& link);
  result<void> set_up(const std::string& link);
  result<void> set_mtu(const std::string& link, unsigned mtu);

  /// The index of the other end of a pair, in its own namespace; 0: none.
  int peer_of(const std::string& link);
  /// Empty: there is no such link.
  std::string name_of(int index);

  /// How many bytes of IPv4 the kernel's TCP hands to this link at once, beyond
  /// the 64 KiB of the length field (BIG TCP). Kernels before 6.3 do not know.
  void set_largest_burst(const std::string& link, uint32_t bytes);

  /// Without duplicate address detection: it answers at once.
  result<void>
  add_address(const std::string& link, const ip_address& ip, unsigned bits);
  result<void>
  add_default_route(const std::string& link, const ip_address& via);

  /// `fwmark MARK lookup TABLE`, and a table that delivers all of it locally.
  result<void> deliver_mark_locally(family kind, uint32_t mark, uint32_t table);

  /// For sentences that are said elsewhere (net/link/link_addresses).
  nl_sock* socket() const noexcept {
    return socket_.get();
  }

private:
  /// Makes the link what `dress` says of it.
  result<void> change(
    const std::string& link, const std::function<void(rtnl_link*)>& dress,
    const std::string& what);

  struct closer {
    void operator()(nl_sock* socket) const;
  };
  explicit netlink(nl_sock* socket) : socket_(socket) {}
  std::unique_ptr<nl_sock, closer> socket_;
};

} // namespace pier::net
