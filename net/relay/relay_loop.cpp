#include "net/relay/relay_loop.hpp"

#include "net/relay/pair.hpp"
#include "net/relay/relay_thread.hpp"

namespace pier::net {

struct relay_loop::parts : relay_thread {
  using relay_thread::relay_thread;
};

namespace {

using ending = relay_thread::ending;

/// The control thread's end of a pair.
class handle : public relay_loop::relay {
public:
  handle(
    relay_thread& on, uint64_t id, std::shared_ptr<ending> end,
    std::shared_ptr<pair_counts> counts)
    : on_(on), id_(id), end_(std::move(end)), counts_(std::move(counts)) {}
  ~handle() override {
    // With the sink gone its end has been told or is not wanted any more.
    if (std::exchange(end_->sink, nullptr))
      on_.drop(id_);
  }
  traffic bytes() const override {
    return {
      counts_->sent.load(std::memory_order_relaxed),
      counts_->received.load(std::memory_order_relaxed)};
  }
  flow_sides sides() const override {
    return on_.look(*counts_);
  }

private:
  relay_thread& on_;
  uint64_t id_;
  std::shared_ptr<ending> end_;
  std::shared_ptr<pair_counts> counts_;
};

} // namespace

relay_loop::relay_loop(boost::asio::io_context& control, protocol of)
  : parts_(std::make_unique<parts>(
    control,
    of == protocol::udp ? shifts::kind::heavy_alone : shifts::kind::both)) {}

relay_loop::~relay_loop() = default;

void relay_loop::settle(std::function<void()> done) {
  parts_->settle(std::move(done));
}

bool relay_loop::is_busy() const noexcept {
  return parts_->is_busy();
}

std::chrono::microseconds relay_loop::processor_time() const {
  return parts_->processor_time();
}

std::unique_ptr<relay_loop::relay>
relay_loop::join(std::unique_ptr<pair> what, end_sink ended) {
  auto counts = what->counts;
  auto end = std::make_shared<ending>(ending{std::move(ended)});
  auto id = parts_->give(std::move(what), end);
  return std::make_unique<handle>(*parts_, id, end, counts);
}

std::unique_ptr<relay_loop::relay>
relay_loop::join_tcp(relay_sides sides, end_sink ended) {
  auto made = make_tcp_pair(std::move(sides.guest), std::move(sides.host));
  made->caller = sides.way;
  return join(std::move(made), std::move(ended));
}

std::unique_ptr<relay_loop::relay> relay_loop::join_udp(
  relay_sides sides, std::chrono::milliseconds idle, end_sink ended) {
  auto made = make_udp_pair(
    std::move(sides.guest), std::move(sides.host), idle);
  made->caller = sides.way;
  return join(std::move(made), std::move(ended));
}

} // namespace pier::net
