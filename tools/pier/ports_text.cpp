#include "tools/pier/ports_text.hpp"

#include <algorithm>
#include <tuple>

namespace pier::cli {

namespace {

std::string port_name(const bound_port& port) {
  return std::to_string(port.container) + "/"
    + std::string{to_string(port.proto)};
}

std::string host_text(const ip_address& ip) {
  auto text = to_string(ip);
  return ip.is_v4() ? text : "[" + text + "]";
}

std::string range_text(unsigned first, unsigned last) {
  auto text = std::to_string(first);
  return first == last ? text : text + "-" + std::to_string(last);
}

bool follows(const bound_port& next, const bound_port& last) {
  return next.proto == last.proto && next.host.ip == last.host.ip
    && next.open == last.open && next.container == last.container + 1
    && next.host.port == last.host.port + 1;
}

} // namespace

std::string port_lines(std::vector<bound_port> ports) {
  auto order = [](const bound_port& port) {
    return std::tuple{port.container, port.proto, port.host};
  };
  std::sort(ports.begin(), ports.end(), [&](const auto& a, const auto& b) {
    return order(a) < order(b);
  });
  std::string text;
  for (const auto& port : ports)
    text += port_name(port) + " -> " + to_string(port.host) + "\n";
  return text;
}

std::string port_column(std::vector<bound_port> ports) {
  auto order = [](const bound_port& port) {
    return std::tuple{port.proto, port.host.ip, port.container, port.host.port};
  };
  std::sort(ports.begin(), ports.end(), [&](const auto& a, const auto& b) {
    return order(a) < order(b);
  });
  std::string text;
  for (size_t i = 0; i < ports.size();) {
    auto end = i + 1;
    while (end < ports.size() && follows(ports[end], ports[end - 1]))
      ++end;
    const auto& first = ports[i];
    const auto& last = ports[end - 1];
    text += (text.empty() ? "" : ", ") + host_text(first.host.ip) + ":"
      + range_text(first.host.port, last.host.port) + "->"
      + range_text(first.container, last.container) + "/"
      + std::string{to_string(first.proto)} + (first.open ? "" : " (closed)");
    i = end;
  }
  return text;
}

std::string attached_line(const container_info& info) {
  auto line = info.name + " is attached as "
    + to_string(info.address.addresses().front());
  if (!info.ports.empty())
    line += ", publishing " + port_column(info.ports);
  return line + "\n";
}

} // namespace pier::cli
