#include "actors/socks_place.hpp"

namespace pier::actors {

namespace {

bool is_new(const settings& was, const settings& next) {
  return next.socks.listen && next.socks.listen != was.socks.listen;
}

} // namespace

result<void> reserve_socks(
  net::network& network, const settings& was, const settings& next) {
  auto& desk = network.socks();
  const auto& users = next.socks.users;
  if (!users.empty() && next.socks != was.socks)
    if (auto ok = desk.can_read_users(users); !ok)
      return error{ok.error().code, "socks.users: " + ok.error().text};
  if (!is_new(was, next))
    return {};
  auto place = desk.reserve(*next.socks.listen);
  if (!place)
    return error{
      place.error().code,
      "socks.listen: " + place.error().text
        + ": let it be another port, or \"off\""};
  return {};
}

void release_socks(
  net::network& network, const settings& was, const settings& next) {
  if (is_new(was, next))
    network.socks().release(*next.socks.listen);
}

} // namespace pier::actors
