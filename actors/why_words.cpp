#include "actors/why_words.hpp"

namespace pier::actors {

namespace {

constexpr unsigned no_such_name = 3;

template <class T>
std::string joined(const std::vector<T>& all) {
  std::string out;
  for (const auto& each : all)
    out += (out.empty() ? "" : ", ") + to_string(each);
  return out;
}

} // namespace

std::string hears(ec verdict) {
  switch (verdict) {
    case ec::ok:
      return "it is connected";
    case ec::host_unreachable:
      return "it hears ICMP host unreachable";
    case ec::network_unreachable:
      return "it hears ICMP no route";
    case ec::forbidden:
    case ec::permission_denied:
      return "it hears ICMP administratively prohibited";
    case ec::failed:
      return "it hears of no address to connect to";
    case ec::refused:
    case ec::reset:
    case ec::renumbered:
      return "it hears RST";
    default:
      return "it hears nothing until its own timer ends";
  }
}

std::string list_of(const std::vector<ip_address>& all) {
  return joined(all);
}

std::string list_of(const std::vector<endpoint>& all) {
  return joined(all);
}

dial_words words_of(const endpoint& to, const error& why) {
  auto at = to_string(to);
  switch (why.code) {
    case ec::refused:
      if (to.ip.is_loopback())
        return {
          "nothing_listens",
          "nothing on this machine listens on " + at
            + ": start the service, or bind it to that address"};
      return {"refused", at + " refuses: nobody listens there"};
    case ec::host_unreachable:
      return {
        "host_unreachable", at + " is unreachable: the host is not there"};
    case ec::network_unreachable:
      return {"no_route", "this machine has no route to " + at};
    case ec::timed_out:
      return {
        "timed_out",
        at + " is silent: it is down, or a firewall drops what comes"};
    default:
      return {std::string{to_string(why.code)}, why.text};
  }
}

dial_words words_of(
  const std::string& name, const found_name& heard, const std::string& asked) {
  if (heard.why.code != ec::ok)
    return {
      "dns_failed",
      "no name server answers (" + asked + "): " + heard.why.text};
  if (heard.code == no_such_name)
    return {"no_such_name", name + " does not exist, says " + asked};
  if (heard.code != 0)
    return {
      "dns_failed",
      "the name servers failed (" + asked + "), with code "
        + std::to_string(heard.code)};
  return {"no_address", name + " has no address, says " + asked};
}

std::string neighbour_at(const net::network& all, const ip_address& ip) {
  for (const auto& each : all.occupied())
    for (const auto& own : each->address().addresses())
      if (own == ip)
        return each->spec().name;
  return {};
}

} // namespace pier::actors
