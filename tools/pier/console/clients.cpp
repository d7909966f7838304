#include "tools/pier/console/clients.hpp"

#include "tools/control/console_keys.hpp"
#include "tools/control/json.hpp"
#include "tools/control/replace_file.hpp"

#include <algorithm>
#include <vector>

namespace pier::cli {

namespace {

constexpr std::string_view add_help = R"(Let a client of another machine in

Usage:  pier console add-client [OPTIONS] NAME

Examples:
  pier console add-client ann -o ann.pem
  pier console --node this.machine:4711 --as ann.pem     on the other machine

Options:
  -o, --output FILE   Write the bundle there (0600), not to stdout

Whoever has the bundle may do everything. [console] listen of the settings says
where such clients come in.
)";

constexpr std::string_view revoke_help = R"(Take a client's bundle back

Usage:  pier console revoke NAME

It is not let in any more, and a console of it that is open is closed.
)";

constexpr std::string_view list_help = R"(List the clients that have a bundle

Usage:  pier console clients [OPTIONS]

Options:
      --json     As JSON
)";

int add(const arguments& given) {
  options line{"pier console add-client"};
  std::string name, file;
  line.app().add_option("NAME", name)->required();
  line.app().add_option("-o,--output", file);
  if (auto over = begin(line, add_help, given); over >= 0)
    return over;
  auto keys = control::console_keys::open();
  if (!keys)
    return complain(keys.error());
  auto made = keys->add(name);
  if (!made)
    return complain(made.error());
  auto text = net::to_text(*made);
  if (file.empty())
    return print(text) ? 0 : 1;
  if (auto kept = control::replace_file(file, text); !kept) {
    // Nobody has it.
    static_cast<void>(keys->revoke(name));
    return complain(kept.error());
  }
  return 0;
}

int revoke(const arguments& given) {
  options line{"pier console revoke"};
  std::string name;
  line.app().add_option("NAME", name)->required();
  if (auto over = begin(line, revoke_help, given); over >= 0)
    return over;
  auto keys = control::console_keys::open();
  if (!keys)
    return complain(keys.error());
  auto done = keys->revoke(name);
  return done ? 0 : complain(done.error());
}

int list(const arguments& given) {
  options line{"pier console clients"};
  auto as_json = false;
  line.app().add_flag("--json", as_json);
  if (auto over = begin(line, list_help, given); over >= 0)
    return over;
  auto keys = control::console_keys::open();
  if (!keys)
    return complain(keys.error());
  std::vector<std::string> names;
  for (const auto& [fingerprint, name] : keys->clients())
    names.push_back(name);
  std::sort(names.begin(), names.end());
  control::json::array array;
  std::string text;
  for (const auto& each : names) {
    array.emplace_back(each);
    text += each + "\n";
  }
  return print(as_json ? control::pretty(array) : text) ? 0 : 1;
}

} // namespace

std::optional<int> console_clients(const arguments& given) {
  if (given.empty())
    return {};
  arguments rest{given.begin() + 1, given.end()};
  if (given.front() == "add-client")
    return add(rest);
  if (given.front() == "revoke")
    return revoke(rest);
  if (given.front() == "clients")
    return list(rest);
  return {};
}

} // namespace pier::cli
