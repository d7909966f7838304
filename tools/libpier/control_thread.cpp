#include "tools/libpier/control_thread.hpp"

#include "actors/root.hpp"
#include "net/no_signals.hpp"
#include "tools/libpier/console_node.hpp"

#include <caf/all.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <future>

namespace pier {

namespace asio = boost::asio;

control_thread::control_thread(
  settings with, std::function<void(const event&)> news,
  std::function<void(const log_line&)> reader, actors::conveyor convey)
  : with_(std::make_shared<const settings>(std::move(with))),
    news_(std::move(news)),
    reader_(std::move(reader)),
    convey_(std::move(convey)) {
  std::promise<void> ready;
  {
    // A peer that hangs up is news, not SIGPIPE.
    net::no_signals while_it_starts;
    thread_ = std::thread{
      [this, &ready] { run([&ready] { ready.set_value(); }); }};
  }
  ready.get_future().wait();
}

control_thread::~control_thread() {
  post([this] { close(); });
  thread_.join();
}

void control_thread::post(std::function<void()> what) {
  asio::post(io_.control(), std::move(what));
}

void control_thread::run(const std::function<void()>& ready) {
  auto& loop = io_.control();
  auto guard = asio::make_work_guard(loop);
  network_ = std::make_unique<net::kernel_network>(io_, *with_);
  config_ = std::make_unique<actors::loop_config>(loop);
  if (convey_)
    allow_consoles(*config_);
  system_ = std::make_unique<caf::actor_system>(*config_);
  if (reader_)
    open_log();
  plant_root();
  ready();
  loop.run();
  loop.restart();
  while (system_->registry().running() > 0)
    loop.run_one();
  system_.reset();
  config_.reset();
  network_.reset();
  // What the network's end has posted still frees something.
  loop.restart();
  loop.poll();
}

/// Whatever is news is said there, too.
void control_thread::open_log() {
  actors::logbook::surroundings around;
  around.heard = reader_;
  around.now = [this] { return system_->clock().now(); };
  around.wake = [this](std::chrono::milliseconds later) {
    log_settles_.expires_after(later);
    log_settles_.async_wait([this](const boost::system::error_code& stopped) {
      if (!stopped && !closing_)
        log_->settle();
    });
  };
  log_.emplace(std::move(around), with_->log.level);
  news_ = [this, news = std::move(news_)](const event& what) {
    news(what);
    log_->write(line_of(what));
  };
}

void control_thread::plant_root() {
  root_ = system_->spawn(
    actors::root,
    actors::root_args{
      network_.get(), with_, actors::reporter{news_, log()},
      [this](const settings_ptr& next) {
        with_ = next;
        if (log_)
          log_->adopt(next->log.level);
      },
      convey_});
  root_->attach_functor([this](const caf::error& why) { hear_root_died(why); });
}

void control_thread::hear_root_died(const caf::error& why) {
  root_ = nullptr;
  if (closing_)
    return io_.control().stop();
  if (std::exchange(renewing_, false))
    return plant_root();
  news_({event::kind::fault, {}, "root: " + caf::to_string(why), "root"});
  ++network_->restarts[actors::root_state::name];
  auto pause = actors::roster::pause_after_death(
    deaths_, actors::restart_budget{}, system_->clock().now());
  given_up_ = !pause;
  if (given_up_)
    return;
  rebirth_.expires_after(*pause);
  rebirth_.async_wait([this](const boost::system::error_code& stopped) {
    if (!stopped && !closing_)
      plant_root();
  });
}

void control_thread::strike_root(bool on_purpose) {
  renewing_ = on_purpose;
  if (root_)
    caf::anon_send_exit(root_, caf::exit_reason::kill);
}

void control_thread::close() {
  closing_ = true;
  rebirth_.cancel();
  log_settles_.cancel();
  if (!root_)
    return vacate_all();
  auto leave = [this] {
    if (root_)
      caf::anon_send_exit(root_, caf::exit_reason::user_shutdown);
    else
      vacate_all();
  };
  system_->spawn([root = root_, leave](caf::event_based_actor* self) {
    self->request(root, caf::infinite, atom::stop::value)
      .then(
        [leave](done_t) { leave(); }, [leave](const caf::error&) { leave(); });
  });
}

/// The end without a tree: the containers' premises are all that is left.
void control_thread::vacate_all() {
  auto all = network_->occupied();
  auto missing = std::make_shared<size_t>(all.size() + 1);
  auto heard = [this, missing](const std::vector<std::string>&) {
    if (--*missing == 0)
      io_.control().stop();
  };
  for (const auto& each : all)
    each->vacate(heard);
  heard({});
}

} // namespace pier
