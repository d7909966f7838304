#include "tools/control/console_keys.hpp"

#include "tools/control/lock.hpp"
#include "tools/control/replace_file.hpp"
#include "tools/control/state_dir.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <optional>

namespace pier::control {

namespace {

constexpr size_t longest_name = 64;
constexpr std::chrono::seconds patience{2};

std::string text_of(const std::string& path) {
  std::ifstream file{path};
  return {std::istreambuf_iterator<char>{file}, {}};
}

bool is_name(const std::string& text) {
  auto fits = [](unsigned char each) {
    return std::isalnum(each) != 0 || each == '.' || each == '-' || each == '_';
  };
  return !text.empty() && text.size() <= longest_name
    && std::all_of(text.begin(), text.end(), fits);
}

std::optional<net::credentials> read(const std::string& stem) {
  net::credentials out{text_of(stem + ".pem"), text_of(stem + ".key")};
  if (out.certificate.empty() || out.key.empty())
    return std::nullopt;
  return out;
}

result<void> write(const std::string& stem, const net::credentials& what) {
  if (auto done = replace_file(stem + ".key", what.key); !done)
    return done;
  return replace_file(stem + ".pem", what.certificate);
}

/// Those that are kept there, or new ones.
template <class Make>
result<net::credentials> keep_or(const std::string& stem, Make make) {
  if (auto kept = read(stem))
    return std::move(*kept);
  result<net::credentials> made = make();
  if (made)
    if (auto done = write(stem, *made); !done)
      return done.error();
  return made;
}

} // namespace

result<console_keys> console_keys::open() {
  auto state = state_dir();
  if (state.empty())
    return error{
      ec::bad_request,
      "there is nowhere to keep the certificates of consoles: set HOME or "
      "XDG_STATE_HOME"};
  return open(state + "/console");
}

result<console_keys> console_keys::open(const std::string& folder) {
  if (auto made = prepare_folder(folder); !made)
    return made.error();
  auto turn = lock::take(folder + "/lock", patience);
  if (!turn)
    return turn.error();
  console_keys out{folder};
  auto authority = keep_or(folder + "/authority", net::make_authority);
  if (!authority)
    return authority.error();
  out.authority_ = std::move(*authority);
  auto daemon = keep_or(folder + "/daemon", [&] {
    return net::issue(out.authority_, net::daemon_name, net::role::daemon);
  });
  if (!daemon)
    return daemon.error();
  out.daemon_ = std::move(*daemon);
  return out;
}

std::map<std::string, std::string> console_keys::clients() const {
  std::map<std::string, std::string> out;
  std::ifstream file{clients_file()};
  for (std::string print, name; file >> print >> name;)
    out[print] = name;
  return out;
}

result<void>
console_keys::keep(const std::map<std::string, std::string>& clients) const {
  std::string text;
  for (const auto& [print, name] : clients)
    text.append(print).append(" ").append(name).append("\n");
  return replace_file(clients_file(), text);
}

result<net::bundle> console_keys::add(const std::string& name) const {
  if (!is_name(name))
    return error{
      ec::bad_request,
      "\"" + name
        + "\" is no name for a client: it has up to 64 letters, digits, dots, "
          "dashes and underscores"};
  auto turn = lock::take(folder_ + "/lock", patience);
  if (!turn)
    return turn.error();
  auto all = clients();
  for (const auto& each : all)
    if (each.second == name)
      return error{
        ec::name_in_use,
        "there is a client " + name + " already; \"pier console revoke " + name
          + "\" takes its bundle back"};
  auto own = net::issue(authority_, name, net::role::client);
  if (!own)
    return own.error();
  auto print = net::fingerprint(own->certificate);
  if (!print)
    return print.error();
  all[*print] = name;
  if (auto done = keep(all); !done)
    return done.error();
  return net::bundle{authority_.certificate, std::move(*own)};
}

result<void> console_keys::revoke(const std::string& name) const {
  auto turn = lock::take(folder_ + "/lock", patience);
  if (!turn)
    return turn.error();
  auto all = clients();
  auto gone = std::erase_if(
    all, [&](const auto& each) { return each.second == name; });
  if (gone == 0)
    return error{
      ec::bad_request,
      "there is no client " + name
        + "; \"pier console clients\" lists those that there are"};
  return keep(all);
}

} // namespace pier::control
