#include "tools/pier/console/monitor.hpp"

#include "actors/runtime/refusal.hpp"
#include "tools/pier/console/homeward.hpp"
#include "tools/pier/console/nodes.hpp"

#include <caf/all.hpp>

#include <boost/asio/signal_set.hpp>

#include <csignal>

namespace pier::cli {

namespace asio = boost::asio;

const std::string_view monitor_help = R"(Tell when actors die, until Ctrl-C

Usage:  monitor [OPTIONS] PATH...

Examples:
  monitor gateway containers/web/sessions
  monitor -n 1 dns       ends with the first death

Options:
  -n, --count N   End after so many deaths

CAF's own monitors: the reason comes from the actor that died, the moment that
it does. One that is born again is monitored again.
)";

namespace {

/// How long an actor that has died is given to be born again, and how often it
/// is looked for.
constexpr std::chrono::milliseconds rebirth{200};
constexpr int looks_for_rebirth = 25;

std::string reason_of(const caf::error& why) {
  if (!why)
    return "it has ended";
  const auto& context = why.context();
  return context.match_elements<std::string>() ? context.get_as<std::string>(0)
                                               : caf::to_string(why);
}

/// What happens at a path, told on the loop of the command.
struct watched {
  std::string path;
  console_actor console;
  std::shared_ptr<homeward> home;
  std::function<void(const std::string& path, const std::string& news)> tell;
  std::function<void(const std::string& path)> died;
  int looks = 0;
};

void look(caf::event_based_actor* self, const std::shared_ptr<watched>& what);

void look_again(
  caf::event_based_actor* self, const std::shared_ptr<watched>& what,
  const caf::error& why) {
  if (
    ++what->looks < looks_for_rebirth && why != caf::sec::request_receiver_down)
    return self->delayed_send(self, rebirth, atom::revive::value);
  what->home->post([what, text = actors::from_caf(why).text] {
    what->tell(what->path, text);
    what->died(what->path);
  });
  self->quit();
}

void look(caf::event_based_actor* self, const std::shared_ptr<watched>& what) {
  self->request(what->console, caf::infinite, atom::monitor::value, what->path)
    .then(
      [self, what](const caf::actor& witness) {
        what->home->post([what, again = what->looks > 0] {
          what->tell(what->path, again ? "up again" : "up");
        });
        what->looks = 1;
        self->monitor(witness);
      },
      [self, what](const caf::error& why) { look_again(self, what, why); });
}

caf::behavior
follow(caf::event_based_actor* self, const std::shared_ptr<watched>& what) {
  self->set_default_handler(caf::drop);
  self->set_down_handler([self, what](const caf::down_msg& death) {
    what->home->post([what, text = reason_of(death.reason)] {
      what->tell(what->path, "down: " + text);
      what->died(what->path);
    });
    look(self, what);
  });
  look(self, what);
  return {[self, what](atom::revive) { look(self, what); }};
}

} // namespace

int monitor(const surroundings& here, const arguments& given) {
  options line{"monitor"};
  arguments paths;
  size_t count = 0;
  line.app().add_option("PATH", paths)->required();
  line.app().add_option("-n,--count", count);
  if (auto over = begin(line, monitor_help, given); over >= 0)
    return over;
  asio::io_context io{1};
  auto home = std::make_shared<homeward>(io);
  auto& all = *here.attached;
  auto several = all.chosen().size() > 1;
  std::vector<caf::actor> followers;
  for (const auto& each : all.chosen())
    for (const auto& path : paths) {
      auto what = std::make_shared<watched>();
      what->path = path;
      what->console = each.handle;
      what->home = home;
      auto front = several ? each.name + ": " : std::string{};
      what->tell = [front](const std::string& of, const std::string& news) {
        print(front + of + "   " + news + "\n");
      };
      what->died = [&io, &count](const std::string&) {
        if (count > 0 && --count == 0)
          io.stop();
      };
      followers.push_back(all.system().spawn(follow, what));
    }
  asio::signal_set ends{io, SIGINT, SIGTERM};
  ends.async_wait([&io](const auto&, int) { io.stop(); });
  io.run();
  home->leave();
  for (const auto& each : followers)
    caf::anon_send_exit(each, caf::exit_reason::kill);
  return 0;
}

} // namespace pier::cli
