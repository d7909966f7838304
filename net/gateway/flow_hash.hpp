#pragma once

#include "messages/flow.hpp"

#include <cstddef>
#include <functional>

namespace pier::net {

struct flow_hash {
  size_t operator()(const flow& what) const noexcept {
    std::hash<endpoint> hash;
    return hash(what.guest) * 31 + hash(what.peer)
      + static_cast<size_t>(what.proto);
  }
};

} // namespace pier::net
