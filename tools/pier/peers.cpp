#include "tools/pier/peers.hpp"

#include "tools/control/fields.hpp"
#include "tools/control/runtime_dir.hpp"
#include "tools/pier/command.hpp"
#include "tools/pier/console/node_client.hpp"

#include <unistd.h>

#include <algorithm>

namespace pier::cli {

using control::request;
using control::verb;

namespace {

std::vector<peer> peers_of(boost::asio::io_context& io, nodes& attached) {
  std::vector<peer> all;
  for (const auto& each : attached.chosen())
    all.push_back(
      {each.name, make_node_client(io, attached, each, attached.interactive),
       true});
  return all;
}

} // namespace

std::vector<peer>
find_peers(boost::asio::io_context& io, const surroundings& here) {
  if (here.attached != nullptr)
    return peers_of(io, *here.attached);
  const auto& runtime_dir = here.runtime_dir;
  std::vector<peer> all;
  for (const auto& path : control::list_sockets(runtime_dir)) {
    auto daemon = path == control::daemon_socket(runtime_dir);
    auto line = control::client::connect(io, path);
    if (line)
      all.push_back({path, std::move(*line), daemon});
    else if (line.error().code == ec::refused && !daemon)
      // Its owner was killed. The daemon's own is replaced by the next pierd.
      ::unlink(path.c_str());
    else if (
      line.error().code != ec::refused && line.error().code != ec::no_such_port)
      warn(line.error().text);
  }
  return all;
}

result<peer_facts> ask_facts(peer& whom) {
  request what;
  what.what = verb::version;
  auto said = whom.line->call(what, std::chrono::seconds{5});
  if (!said)
    return said.error();
  peer_facts facts;
  auto good = control::fields{*said}
                .need("version", facts.version)
                .need("program", facts.program)
                .need("pid", facts.pid)
                .need("host", facts.host)
                .may("starting", facts.starting)
                .ok();
  if (good)
    return facts;
  return error{ec::bad_request, whom.path + " is no supervisor of Pier"};
}

result<void> check_name_free(std::vector<peer>& all, const std::string& name) {
  for (auto& each : all) {
    auto facts = ask_facts(each);
    if (!facts)
      continue;
    request what;
    what.what = verb::inspect;
    what.name = name;
    auto info = control::call_for<container_info>(*each.line, what);
    auto starting = std::count(
                      facts->starting.begin(), facts->starting.end(), name)
      != 0;
    if (starting || (info && info->state != container_state::exited))
      return error{
        ec::name_in_use,
        "the container name \"" + name
          + "\" is already in use; stop that container with "
            "\"pier stop "
          + name + "\", or choose another name"};
  }
  return {};
}

result<found> find_container(std::vector<peer>& all, const std::string& name) {
  found best;
  error why = no_such_container(name);
  for (auto& each : all) {
    request what;
    what.what = verb::inspect;
    what.name = name;
    auto info = control::call_for<container_info>(*each.line, what);
    if (!info) {
      // One that has just ended has no container.
      auto code = info.error().code;
      if (code != ec::no_such_container && code != ec::stopped)
        why = info.error();
    } else if (info->state != container_state::exited)
      return found{&each, std::move(*info)};
    else if (!best.where)
      best = {&each, std::move(*info)};
  }
  if (best.where)
    return best;
  return why;
}

error no_such_container(const std::string& name) {
  return {
    ec::no_such_container,
    "No such container: " + name + "; \"pier ps\" lists those that run"};
}

} // namespace pier::cli
