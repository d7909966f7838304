#include "config/forward_grammar.hpp"

#include "config/container_rules.hpp"
#include "config/quote.hpp"
#include "config/string_grammar.hpp"

#include <algorithm>
#include <string_view>

namespace pier::config {

namespace {

constexpr std::string_view unix_scheme{"unix://"};

/// A socket's name has 107 bytes (unix(7)), of which we need some for another
/// name beside it.
constexpr size_t longest_path = 103;

/// Takes the beginning away; false: it is another.
bool take_front(std::string_view& text, std::string_view front) {
  if (!text.starts_with(front))
    return false;
  text.remove_prefix(front.size());
  return true;
}

bool take_back(std::string_view& text, std::string_view back) {
  if (!text.ends_with(back))
    return false;
  text.remove_suffix(back.size());
  return true;
}

/// Empty: it is none, and `why` says so.
std::string read_path(std::string_view text, std::string& why) {
  auto control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  if (
    !text.starts_with('/') || text.ends_with('/')
    || std::any_of(text.begin(), text.end(), control))
    why = ": the path of a socket begins with / and ends in its name";
  else if (text.size() > longest_path)
    why = ": the path of a socket has at most " + std::to_string(longest_path)
      + " bytes, not " + std::to_string(text.size());
  else
    return std::string{text};
  return {};
}

/// What is left of the text when its protocol is taken away, before or behind
/// it, but not both.
protocol take_protocol(std::string_view& text) {
  for (auto each : {protocol::tcp, protocol::udp}) {
    auto name = std::string{to_string(each)};
    if (take_front(text, name + "://") || take_back(text, "/" + name))
      return each;
  }
  return protocol::tcp;
}

std::optional<listen_address>
read_listen(std::string_view text, std::string& why) {
  listen_address out;
  if (take_front(text, unix_scheme)) {
    out.path = read_path(text, why);
    return out.is_unix() ? std::optional{out} : std::nullopt;
  }
  out.proto = take_protocol(text);
  if (auto at = read_endpoint(text)) {
    out.ip = at->ip;
    out.port = at->port;
    return out;
  }
  take_front(text, ":");
  out.port = read_number(text, 1).value_or(0);
  return out.port != 0 ? std::optional{out} : std::nullopt;
}

/// What could be meant as something that nothing here looks up.
const char* misunderstood(const std::string& name) {
  if (name == "localhost")
    return ": localhost is no container: write 127.0.0.1 or [::1]";
  if (name.find_first_not_of("0123456789.") == name.npos)
    return ": this is no address: it has four numbers up to 255";
  return nullptr;
}

std::optional<forward_target>
read_target(std::string_view text, std::string& why) {
  forward_target out;
  if (take_front(text, unix_scheme)) {
    out.path = read_path(text, why);
    return out.path.empty() ? std::nullopt : std::optional{out};
  }
  if (auto at = read_endpoint(text)) {
    out.at = *at;
    if (!at->ip.is_any())
      return out;
    why = ": nobody can be called at " + to_string(at->ip) + ": write "
      + to_string(endpoint{ip_address::loopback(at->ip.kind()), at->port});
    return std::nullopt;
  }
  auto colon = std::min(text.rfind(':'), text.size());
  out.container = text.substr(0, colon);
  out.at.port = colon < text.size()
    ? read_number(text.substr(colon + 1), 1).value_or(0)
    : 0;
  if (out.at.port == 0 || !is_container_name(out.container))
    return std::nullopt;
  if (const auto* not_so = misunderstood(out.container)) {
    why = not_so;
    return std::nullopt;
  }
  return out;
}

} // namespace

grammar<listen_address> forward_listen() {
  return of_strings<listen_address>(
    R"("tcp://ADDRESS:PORT", "udp://ADDRESS:PORT", "unix:///PATH", or )"
    R"("[ADDRESS:]PORT[/udp]")",
    [](const std::string& text, std::string& why) {
      return read_listen(text, why);
    },
    [](const listen_address& at) { return quoted(to_string(at)); });
}

grammar<forward_target> forward_to() {
  return of_strings<forward_target>(
    R"("ADDRESS:PORT", "CONTAINER:PORT", or "unix:///PATH")",
    [](const std::string& text, std::string& why) {
      return read_target(text, why);
    },
    [](const forward_target& to) { return quoted(to_string(to)); });
}

} // namespace pier::config
