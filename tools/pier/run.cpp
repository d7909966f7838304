#include "tools/pier/run.hpp"

#include "config/container_rules.hpp"
#include "tools/control/lock.hpp"
#include "tools/control/runtime_dir.hpp"
#include "tools/pier/background.hpp"
#include "tools/pier/foreground.hpp"
#include "tools/pier/run_line.hpp"

#include <boost/asio/io_context.hpp>

#include <unistd.h>

#include <filesystem>
#include <random>

namespace pier::cli {

namespace {

std::string new_name() {
  std::random_device dice;
  return config::random_name((uint64_t{dice()} << 32) | dice());
}

/// What the spec could not know before there is a name and a home.
void complete(wish& one, const ip_address& host) {
  auto& spec = one.spec;
  if (spec.hostname.empty() && !spec.attached())
    spec.hostname = spec.name;
  if (!spec.attached())
    spec.environment.push_back("HOSTNAME=" + spec.hostname);
  for (const auto& name : one.host_gateway)
    spec.hosts.emplace_back(name, host);
}

result<std::unique_ptr<home>> room_in(result<peer> daemon) {
  if (!daemon)
    return daemon.error();
  auto facts = ask_facts(*daemon);
  if (!facts)
    return facts.error();
  return make_remote_home(std::move(daemon->line), facts->host);
}

/// Between the look at the names and the socket that promises ours, nobody
/// else may look: hence the lock.
result<std::unique_ptr<home>>
find_home(boost::asio::io_context& io, const surroundings& here, wish& one) {
  const auto& dir = here.runtime_dir;
  if (auto ready = control::prepare_runtime_dir(dir, ::geteuid()); !ready)
    return ready.error();
  auto turn = control::lock::take(
    dir + "/names.lock", std::chrono::seconds{30});
  if (!turn)
    return turn.error();
  auto peers = find_peers(io, here);
  auto& name = one.spec.name;
  if (name.empty())
    name = new_name();
  if (auto unused = check_name_free(peers, name); !unused)
    return unused.error();
  if (!peers.empty() && peers.front().daemon)
    return room_in(std::move(peers.front()));
  if (one.detach)
    return room_in(find_or_start_daemon(io, dir));
  return make_embedded_home(io, dir, name);
}

int run_detached(
  boost::asio::io_context& io, home& where, container_spec spec) {
  auto status = our_failure;
  where.on_lost = [&](const error& why) {
    complain(why);
    io.stop();
  };
  where.run(std::move(spec), {}, false, [&](const auto& info) {
    if (!info)
      status = complain(info.error(), status_of(info.error()));
    else {
      for (const auto& each : info->warnings)
        warn(each);
      status = print(info->name + "\n") ? 0 : our_failure;
    }
    where.on_lost = nullptr;
    io.stop();
  });
  io.restart();
  io.run();
  where.on_lost = nullptr;
  return status;
}

} // namespace

int fulfil(const surroundings& here, wish one) {
  boost::asio::io_context io{1};
  auto where = find_home(io, here, one);
  if (!where)
    return complain(where.error(), our_failure);
  complete(one, (*where)->host());
  if (one.detach)
    return run_detached(io, **where, std::move(one.spec));
  auto attached = one.spec.attached();
  return live_with(
    io, **where, std::move(one.spec), {one.interactive, attached});
}

int run(const surroundings& here, const arguments& given) {
  std::error_code why;
  auto line = parse_run(
    given, {here.environment, std::filesystem::current_path(why).string()});
  if (!line)
    return complain(line.error(), our_failure);
  if (line->help)
    return print(run_help) ? 0 : 1;
  if (auto good = check_terminal(line->interactive, line->spec.terminal); !good)
    return complain(good.error(), our_failure);
  return fulfil(
    here,
    {std::move(line->spec), line->detach, line->interactive,
     std::move(line->host_gateway)});
}

} // namespace pier::cli
