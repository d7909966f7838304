#include "tools/control/surrounding_settings.hpp"
#include "tools/libpier/pier.hpp"
#include "tools/pier/examination.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <unistd.h>

namespace pier::cli {

using grade = finding::grade;

namespace {

namespace asio = boost::asio;

constexpr auto patience = std::chrono::seconds{20};

/// Role: one supervisor's short life, told as findings.
class trial {
public:
  ~trial() {
    behind_.reset();
  }

  std::vector<finding> hold();

private:
  void hear(const event& news);
  void run_one();
  void found(std::string subject, result<std::string> what);
  void finish() {
    io_.stop();
  }

  /// Brings an answer of the supervisor to our own loop.
  template <class T>
  supervisor::reply<T> here(std::function<void(const result<T>&)> then) {
    return [this, then = std::move(then)](result<T> what) {
      asio::post(io_, [then, what = std::move(what)] { then(what); });
    };
  }

  asio::io_context io_{1};
  std::unique_ptr<supervisor> behind_;
  std::vector<finding> findings_;
  std::string name_ = "doctor_" + std::to_string(::getpid());
  bool up_ = false;
};

void trial::found(std::string subject, result<std::string> what) {
  if (what)
    findings_.push_back({std::move(subject), grade::good, *what});
  else
    findings_.push_back({std::move(subject), grade::bad, what.error().text});
}

void trial::hear(const event& news) {
  if (up_)
    return;
  if (news.what == event::kind::gateway_lost) {
    found("gateway", error{ec::gateway_lost, news.text});
    finish();
  }
  if (news.what == event::kind::gateway_up) {
    up_ = true;
    found("gateway", std::string{"comes up: packets are held and answered"});
    run_one();
  }
}

void trial::run_one() {
  container_spec spec;
  spec.name = name_;
  spec.command = {"/bin/true"};
  spec.environment = {"PATH=/usr/bin:/bin"};
  spec.hostname = name_;
  spec.workdir = "/";
  behind_->run(
    spec, {}, here<container_info>([this](const auto& begun) {
      if (!begun) {
        found("container", begun.error());
        return finish();
      }
      behind_->wait(
        name_, here<container_info>([this](const auto& ended) {
          if (!ended)
            found("container", ended.error());
          else if (ended->exit_status != 0 || !ended->failure.empty())
            found(
              "container",
              error{
                ec::failed,
                "/bin/true ended with " + std::to_string(ended->exit_status)
                  + " " + ended->failure});
          else
            found("container", std::string{"one ran and left nothing behind"});
          finish();
        }));
    }));
}

std::vector<finding> trial::hold() {
  auto begun = supervisor::start(
    control::surrounding_settings(), [this](const event& news) {
      asio::post(io_, [this, news] { hear(news); });
    });
  if (!begun) {
    found("supervisor", begun.error());
    return findings_;
  }
  behind_ = std::move(*begun);
  asio::steady_timer deadline{io_, patience};
  deadline.async_wait([this](const auto& stopped) {
    if (stopped)
      return;
    found(
      up_ ? "container" : "gateway",
      error{ec::timed_out, "nothing happened within 20 seconds"});
    finish();
  });
  io_.run();
  return findings_;
}

} // namespace

std::vector<finding> try_out() {
  return trial{}.hold();
}

} // namespace pier::cli
