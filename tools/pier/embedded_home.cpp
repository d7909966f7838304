#include "tools/control/settings_file.hpp"
#include "tools/control/surrounding_settings.hpp"
#include "tools/pier/command.hpp"
#include "tools/pier/home.hpp"

#include <boost/asio/post.hpp>

#include <unistd.h>

namespace pier::cli {

namespace {

namespace asio = boost::asio;

/// Role: nobody reads logs here, so what matters is said like a warning, and
/// what has just been said is not said again.
class crier {
public:
  void hear(const event& news) {
    if (news.what == event::kind::gateway_up) {
      was_up_ = true;
      last_.clear();
    }
    // One that never came up is the run's own refusal.
    if (news.what == event::kind::gateway_lost && was_up_)
      say("the network is away: " + news.text);
    if (news.what == event::kind::fault || news.what == event::kind::warning)
      say(news.text);
  }

private:
  void say(const std::string& sentence) {
    if (std::exchange(last_, sentence) != sentence)
      warn(sentence);
  }

  std::string last_;
  bool was_up_ = false;
};

class embedded_home : public home {
public:
  explicit embedded_home(asio::io_context& io) : io_(io) {}

  ~embedded_home() override {
    // The server's connections call into the supervisor.
    server_.reset();
    supervisor_.reset();
  }

  result<void> open(const std::string& dir, const std::string& name) {
    auto with = control::present_settings();
    if (!with)
      return with.error();
    // They are the daemon's: of two runs only one could have them.
    with->forwards.clear();
    with->socks.listen.reset();
    with->network.direct = false;
    auto begun = supervisor::start(*with, [this](const event& news) {
      asio::post(io_, [this, news] {
        crier_.hear(news);
        if (server_)
          server_->announce(news);
      });
    });
    if (!begun)
      return begun.error();
    supervisor_ = std::move(*begun);
    host_ = control::host_of(supervisor_->begun_with());
    auto door = control::server::listen(
      io_, *supervisor_,
      {control::embedded_socket(dir, ::getpid()), "pier run", false, host_});
    if (!door)
      return door.error();
    server_ = std::move(*door);
    server_->promise(name);
    server_->on_shutdown = [this, name] { stop(name); };
    return {};
  }

  void run(
    container_spec spec, supervisor::descriptors stdio, bool,
    started done) override {
    supervisor_->run(std::move(spec), stdio, home_again(std::move(done)));
  }

  void wait(const std::string& name, started done) override {
    supervisor_->wait(name, home_again(std::move(done)));
  }

  void signal(const std::string& name, int number) override {
    supervisor_->signal(name, number, [](result<void>) {});
  }

  void stop(const std::string& name) override {
    supervisor_->stop(name, [](result<void>) {});
  }

  ip_address host() const override {
    return host_;
  }

  void leave(std::function<void()> done) override {
    server_->drain(std::move(done));
  }

private:
  supervisor::reply<container_info> home_again(started done) {
    return [&io = io_, done = std::move(done)](result<container_info> info) {
      asio::post(io, [done, info = std::move(info)] { done(info); });
    };
  }

  asio::io_context& io_;
  crier crier_;
  std::unique_ptr<supervisor> supervisor_;
  std::unique_ptr<control::server> server_;
  ip_address host_;
};

} // namespace

result<std::unique_ptr<home>> make_embedded_home(
  asio::io_context& io, const std::string& runtime_dir,
  const std::string& name) {
  auto made = std::make_unique<embedded_home>(io);
  if (auto opened = made->open(runtime_dir, name); !opened)
    return opened.error();
  return std::unique_ptr<home>{std::move(made)};
}

} // namespace pier::cli
