#include "actors/forward_places.hpp"

namespace pier::actors {

namespace {

bool is_new(const settings& was, const forward_change& what) {
  return what.is && was.forwards.count(what.listen) == 0;
}

} // namespace

result<void> reserve_new(
  net::network& network, const settings& was, const settings& next,
  const std::vector<forward_change>& changes) {
  std::vector<forward_change> taken;
  for (const auto& each : changes) {
    if (!is_new(was, each))
      continue;
    if (auto place = network.reserve(each.listen, next.ports); !place) {
      release_new(network, was, taken);
      return error{
        place.error().code,
        "forward " + to_string(each.listen) + ": " + place.error().text};
    }
    taken.push_back(each);
  }
  return {};
}

void release_new(
  net::network& network, const settings& was,
  const std::vector<forward_change>& changes) {
  for (const auto& each : changes)
    if (is_new(was, each))
      network.release(each.listen);
}

} // namespace pier::actors
