#include "net/gateway/waiting_line.hpp"

namespace pier::net {

bool waiting_line::enter(const ip_address& guest, uint64_t id) {
  auto& line = lines_[guest];
  if (line.size() >= most_)
    return false;
  if (line.empty())
    turns_.push_back(guest);
  line.push_back(id);
  return true;
}

std::optional<uint64_t> waiting_line::next() {
  if (turns_.empty())
    return {};
  auto found = lines_.find(turns_.front());
  auto id = found->second.front();
  found->second.pop_front();
  if (found->second.empty()) {
    lines_.erase(found);
    turns_.pop_front();
  } else {
    turns_.splice(turns_.end(), turns_, turns_.begin());
  }
  return id;
}

} // namespace pier::net
