#include "tools/pier/home.hpp"

#include <boost/asio/post.hpp>

namespace pier::cli {

namespace {

using control::request;
using control::verb;

class remote_home : public home {
public:
  remote_home(std::unique_ptr<control::client> server, ip_address host)
    : server_(std::move(server)), host_(host) {
    server_->on_hang_up = [this] {
      if (on_lost)
        on_lost({ec::stopped, "pierd has ended, and the container with it"});
    };
  }

  void run(
    container_spec spec, supervisor::descriptors stdio, bool hold,
    started done) override {
    request what;
    what.what = verb::run;
    what.spec = std::move(spec);
    what.hold = hold;
    what.stdio = stdio.out >= 0;
    std::vector<int> passed;
    if (what.stdio)
      passed = {stdio.in, stdio.out, stdio.err};
    server_->ask(std::move(what), as_info(std::move(done)), passed);
  }

  void wait(const std::string& name, started done) override {
    request what;
    what.what = verb::wait;
    what.name = name;
    server_->ask(std::move(what), as_info(std::move(done)));
  }

  void signal(const std::string& name, int number) override {
    request what;
    what.what = verb::signal;
    what.name = name;
    what.number = number;
    server_->ask(std::move(what), [](const auto&) {});
  }

  void stop(const std::string& name) override {
    request what;
    what.what = verb::stop;
    what.name = name;
    server_->ask(std::move(what), [](const auto&) {});
  }

  ip_address host() const override {
    return host_;
  }

  void leave(std::function<void()> done) override {
    server_->on_hang_up = nullptr;
    done();
  }

private:
  static control::client::answer as_info(started done) {
    return [done = std::move(done)](const result<control::json::value>& said) {
      container_info info;
      if (!said)
        done(said.error());
      else if (control::read(*said, info))
        done(std::move(info));
      else
        done(error{
          ec::bad_request,
          "pierd answers in a form that this version does not "
          "know; pier and pierd must be of one version"});
    };
  }

  std::unique_ptr<control::client> server_;
  ip_address host_;
};

} // namespace

std::unique_ptr<home>
make_remote_home(std::unique_ptr<control::client> server, ip_address host) {
  return std::make_unique<remote_home>(std::move(server), host);
}

} // namespace pier::cli
