#include "tools/pier/top/top.hpp"

#include "tools/control/json.hpp"
#include "tools/pier/top/screen.hpp"
#include "tools/pier/top/watch.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <optional>

namespace pier::cli {

namespace asio = boost::asio;

const std::string_view top_help = R"(Watch what moves: containers, ports, flows

Usage:  pier top [OPTIONS]

Examples:
  pier top
  pier top --every 5
  pier top --json | python3 -m json.tool

Options:
      --every SECONDS   Look so often (default 1)
      --once            Print all of it as text after two looks, and end
      --json            The same as JSON; rates are bytes a second

OUT and IN are a container's. LATELY is the last twelve looks. It looks less
often where a look is much work.
)";

namespace {

int print_once(
  asio::io_context& io, const surroundings& here, double every, bool as_json) {
  auto looks = 0;
  watch what{io, here, every, [&] {
               if (++looks == 2 || what.trouble())
                 io.stop();
             }};
  what.begin();
  io.restart();
  io.run();
  if (what.trouble())
    return complain(*what.trouble());
  control::json::object told;
  std::string text;
  for (auto each : {subject::containers, subject::ports, subject::flows}) {
    auto all = make_sheet(each, what.known(), what.head().now);
    told[to_string(each)] = to_json(all);
    text += (text.empty() ? "" : "\n") + draw_sheet(all);
  }
  print(as_json ? control::pretty(told) : text);
  return 0;
}

/// Role: the screen, the keys, and what they do.
class sight {
public:
  sight(asio::io_context& io, const surroundings& here, double every)
    : io_(io),
      what_(io, here, every, [this] { draw(); }),
      keys_(io, ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)),
      ends_(io, SIGINT, SIGTERM, SIGHUP),
      sizes_(io, SIGWINCH) {
    ends_.async_wait([this](const auto&, int) { io_.stop(); });
    await_key();
    await_size();
    what_.begin();
  }

private:
  void draw() {
    screen_.draw(view_.draw(
      what_.known(), what_.head(), screen_.columns(), screen_.rows()));
  }

  void await_key() {
    keys_.async_wait(
      asio::posix::stream_descriptor::wait_read, [this](const auto& why) {
        auto stays = !why;
        while (auto code = stays ? screen_.pressed() : std::nullopt)
          stays = view_.press(*code);
        what_.held = view_.held();
        if (!stays)
          return io_.stop();
        draw();
        await_key();
      });
  }

  void await_size() {
    sizes_.async_wait([this](const auto& stopped, int) {
      if (stopped)
        return;
      screen_.resize();
      draw();
      await_size();
    });
  }

  asio::io_context& io_;
  screen screen_;
  watch what_;
  view view_;
  asio::posix::stream_descriptor keys_;
  asio::signal_set ends_;
  asio::signal_set sizes_;
};

} // namespace

int top(const surroundings& here, const arguments& given) {
  options line{"pier top"};
  auto every = 1.0;
  auto once = false;
  auto as_json = false;
  line.app().add_option("--every", every)->check(CLI::Range(0.1, 3600.0));
  line.app().add_flag("--once", once);
  line.app().add_flag("--json", as_json);
  if (auto over = begin(line, top_help, given); over >= 0)
    return over;
  asio::io_context io{1};
  if (once || as_json)
    return print_once(io, here, every, as_json);
  if (!::isatty(STDOUT_FILENO) || !::isatty(STDIN_FILENO))
    return complain(
      {ec::bad_request,
       "this is no terminal; \"pier top --once\" prints what there is"});
  sight all{io, here, every};
  io.restart();
  io.run();
  return 0;
}

} // namespace pier::cli
