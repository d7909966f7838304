#include "config/host_port_grammar.hpp"

#include "config/publish_grammar.hpp"

#include <string>

namespace pier::config {

result<host_port> parse_host_port(std::string_view text) {
  auto refuse = [&](const std::string& why) {
    return error{
      ec::bad_request,
      "no port of the host: " + std::string{text} + ": " + why
        + ": write [IP:]PORT[/PROTOCOL]"};
  };
  host_port out;
  auto number = text;
  if (auto colon = text.rfind(':'); colon != text.npos) {
    auto ip = text.substr(0, colon);
    if (ip.size() >= 2 && ip.front() == '[' && ip.back() == ']')
      ip = ip.substr(1, ip.size() - 2);
    out.ip = ip_address::parse(ip);
    if (!out.ip)
      return refuse(std::string{ip} + " is no IP address");
    number = text.substr(colon + 1);
  }
  auto spec = parse_expose(number);
  if (!spec)
    return refuse(spec.error().text);
  if (spec->container.size() != 1)
    return refuse("a range is no port");
  out.proto = spec->proto;
  out.port = spec->container.first;
  return out;
}

} // namespace pier::config
