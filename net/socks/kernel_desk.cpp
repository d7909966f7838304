#include "net/socks/kernel_desk.hpp"

#include "net/socks/authority.hpp"
#include "net/socks/pac.hpp"
#include "net/socks/place.hpp"
#include "net/socks/users.hpp"

#include <utility>

namespace pier::net {

kernel_socks_desk::kernel_socks_desk(
  circuit_surroundings around, lobby& waiting, allocations& taken,
  const port_settings& by,
  std::function<std::vector<std::shared_ptr<premises>>()> occupied)
  : around_(around),
    lobby_(waiting),
    allocations_(taken),
    ports_(by),
    occupied_(std::move(occupied)) {
  host_.pac = [this](const std::string& own_name) { return pac(own_name); };
}

result<std::shared_ptr<port>> kernel_socks_desk::reserve(const endpoint& at) {
  if (auto found = places_.find(at); found != places_.end())
    return found->second;
  // Where it may be is for config/agreement to say.
  port_settings anywhere;
  anywhere.backlog = ports_.backlog;
  auto made = make_socks_place(
    around_, lobby_, allocations_, host_, at, anywhere);
  if (made)
    places_[at] = *made;
  return made;
}

std::vector<endpoint> kernel_socks_desk::reserved() const {
  std::vector<endpoint> out;
  out.reserve(places_.size());
  for (const auto& [at, each] : places_)
    out.push_back(at);
  return out;
}

void kernel_socks_desk::adopt(const socks_terms& by) {
  terms_ = by;
  host_.lets_in = nullptr;
  if (by.users.empty())
    return;
  // Who has been taken off it is not let in once more, and of a file that
  // cannot be read nobody is.
  host_.lets_in = [path = by.users](const socks_login& who) {
    auto all = load_users(path);
    return all && knows(*all, who);
  };
}

result<void> kernel_socks_desk::can_read_users(const std::string& path) const {
  auto all = load_users(path);
  return all ? result<void>{} : all.error();
}

std::string kernel_socks_desk::pac(const std::string& own_name) const {
  pac_facts out;
  // Browsers say how they have come here; others can be told where we are.
  auto called = read_authority(own_name, uint16_t{80});
  out.proxy = called  ? own_name
    : places_.empty() ? std::string{}
                      : to_string(places_.begin()->first);
  out.guests = around_.gate.guests();
  out.domains = terms_.suffixes;
  out.names = terms_.names;
  for (const auto& each : occupied_())
    if (each->spec().network == network_mode::bridge)
      out.names.push_back(each->spec().name);
  return pac_file(out);
}

} // namespace pier::net
