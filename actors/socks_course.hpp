#pragma once

/// Where a client of SOCKS goes: to a container, to the world, or nowhere.

#include "actors/socks.hpp"

namespace pier::actors {

/// It has said whom it wants.
void hear_client(socks_pointer self, const arrival& client);

/// Name servers have answered for it, or not.
void hear_learned(
  socks_pointer self, const arrival& client, const found_name& what);

} // namespace pier::actors
