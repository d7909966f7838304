#include "config/forward_changes.hpp"
#include "config/forward_grammar.hpp"
#include "config/quote.hpp"
#include "config/rows.hpp"
#include "config/schema/sections.hpp"
#include "config/spelling.hpp"

namespace pier::config {

namespace {

constexpr auto listen_key = "listen";
constexpr auto to_key = "to";
constexpr auto proxy_key = "proxy_protocol";

// Made once: there may be thousands of forwards.

const grammar<listen_address>& listens() {
  static const auto how = forward_listen();
  return how;
}

const grammar<forward_target>& leads() {
  static const auto how = forward_to();
  return how;
}

const grammar<bool>& introduces() {
  static const auto how = choice<bool>({{"none", false}, {"v2", true}});
  return how;
}

/// Complaints begin with the key that they are about.
template <class T>
std::optional<T> read_in(
  const char* key, const grammar<T>& how, const node& from, complaints& wrong) {
  auto before = wrong.size();
  auto value = how.read(from, wrong);
  for (auto i = before; i < wrong.size(); ++i)
    wrong[i].text = std::string{key} + ": " + wrong[i].text;
  return value;
}

/// What goes together only with a port of TCP or a Unix socket.
void weigh(
  const listen_address& at, const forward_spec& what, const place& to_at,
  const place& proxy_at, complaints& wrong) {
  if (at.proto != protocol::udp)
    return;
  if (!what.to.path.empty())
    wrong.push_back(
      {to_at,
       std::string{to_key}
         + ": datagrams cannot go to a Unix socket: listen to tcp"});
  if (what.proxy_protocol)
    wrong.push_back(
      {proxy_at,
       std::string{proxy_key}
         + ": datagrams have no beginning that a header could stand at: "
           "listen to tcp, or leave it out"});
}

/// What a table says; nothing is known of where it listens.
std::optional<forward_spec> read_table(
  const written& from, const std::optional<listen_address>& at,
  complaints& wrong) {
  const auto* all = from.value.as<table>();
  if (all == nullptr) {
    expect("a table", from.value, wrong);
    return std::nullopt;
  }
  auto before = wrong.size();
  forward_spec out;
  place to_at, proxy_at;
  auto has_target = false;
  for (const auto& [key, where, value] : *all) {
    if (key == to_key) {
      has_target = true;
      to_at = value.where;
      if (auto to = read_in(to_key, leads(), value, wrong))
        out.to = std::move(*to);
    } else if (key == proxy_key) {
      proxy_at = value.where;
      if (auto proxy = read_in(proxy_key, introduces(), value, wrong))
        out.proxy_protocol = *proxy;
    } else
      wrong.push_back(
        {where,
         key_text(key) + ": there is no such key"
           + did_you_mean(key, {listen_key, to_key, proxy_key})});
  }
  if (!has_target)
    wrong.push_back(
      {from.name_at, std::string{to_key} + ": it is missing: say where to"});
  if (at)
    weigh(*at, out, to_at, proxy_at, wrong);
  return wrong.size() == before ? std::optional{out} : std::nullopt;
}

std::vector<std::string> lines_of(const forward_spec& what) {
  std::vector<std::string> out{
    std::string{to_key} + " = " + leads().write(what.to)};
  if (what.proxy_protocol)
    out.push_back(std::string{proxy_key} + " = " + introduces().write(true));
  return out;
}

/// A table in a line.
std::string text_of(const forward_spec& what) {
  std::string text;
  for (const auto& each : lines_of(what))
    text += (text.empty() ? "{ " : ", ") + each;
  return text + " }";
}

/// The key of a forward that was read before: what is not, is none.
std::optional<listen_address> known(const std::string& name) {
  complaints ignored;
  return listens().read({{}, name}, ignored);
}

key forward_row() {
  key out;
  out.path = "forward.*";
  out.named_by = listen_key;
  out.words = "listen = " + listens().words + "; to = " + leads().words
    + "; proxy_protocol = " + introduces().words;
  out.help
    = "What comes in at the one goes on to the other; a container's address is "
      "looked up for each connection. With proxy_protocol, the target is told "
      "first who its client is (version 2). A forward is known by where it "
      "listens: one that leads elsewhere keeps its connections, and one that "
      "is taken away resets them.";
  out.example = "[[forward]]\nlisten = \"tcp://127.0.0.1:8080\"\n"
                "to = \"10.1.2.3:80\"\nproxy_protocol = \"none\"";
  out.kept_as = [](const std::string& name) {
    auto at = known(name);
    return at ? to_string(*at) : name;
  };
  out.read = [](const written& from, settings& into, complaints& wrong) {
    auto at = read_in(listen_key, listens(), {from.name_at, from.name}, wrong);
    auto what = read_table(from, at, wrong);
    if (at && what)
      into.forwards[*at] = std::move(*what);
  };
  out.names = [](const settings& from) {
    std::vector<std::string> all;
    for (const auto& [at, what] : from.forwards)
      all.push_back(to_string(at));
    return all;
  };
  out.lines = [](const settings& from, const std::string& name) {
    return lines_of(from.forwards.at(*known(name)));
  };
  out.write = [](const settings& from, const std::string& name) {
    return text_of(from.forwards.at(*known(name)));
  };
  out.differences = [path = out.path](const settings& was, const settings& is) {
    std::vector<setting_change> all;
    for (const auto& [at, now] : forward_changes(was.forwards, is.forwards)) {
      setting_change one{path, to_string(at), {}, {}};
      if (auto before = was.forwards.find(at); before != was.forwards.end())
        one.was = text_of(before->second);
      if (now)
        one.is = text_of(*now);
      all.push_back(std::move(one));
    }
    return all;
  };
  out.erase = [](settings& from, const std::string& name) {
    if (auto at = known(name))
      from.forwards.erase(*at);
  };
  return out;
}

} // namespace

section forward_section() {
  return {
    "forward",
    "Static forwards, which belong to no container and work without any. "
    "[ports] says where one without an address is bound.",
    {forward_row()}};
}

} // namespace pier::config
