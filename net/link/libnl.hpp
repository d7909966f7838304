#pragma once

/// What all sentences of libnl have in common: owners, and errors of ours.

#include "messages/address.hpp"
#include "messages/error.hpp"
#include "net/socket_address.hpp"

#include <netlink/addr.h>
#include <netlink/cache.h>
#include <netlink/errno.h>
#include <netlink/route/addr.h>
#include <netlink/route/route.h>

#include <memory>
#include <string>

namespace pier::net {

template <class T, void (*Put)(T*)>
struct putter {
  void operator()(T* what) const {
    Put(what);
  }
};

using rtaddr_ptr = std::unique_ptr<rtnl_addr, putter<rtnl_addr, rtnl_addr_put>>;
using route_ptr = std::unique_ptr<
  rtnl_route, putter<rtnl_route, rtnl_route_put>>;
using nladdr_ptr = std::unique_ptr<nl_addr, putter<nl_addr, nl_addr_put>>;
using cache_ptr = std::unique_ptr<nl_cache, putter<nl_cache, nl_cache_free>>;

/// `number` as libnl returns it: negative is a refusal of what was tried.
result<void> check(int number, const std::string& what);

nladdr_ptr to_nl(const ip_address& ip, unsigned bits);

/// 0.0.0.0 where it is no address.
ip_address from_nl(nl_addr* from);

} // namespace pier::net
