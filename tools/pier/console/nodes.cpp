#include "tools/pier/console/nodes.hpp"

#include "messages/wire.hpp"

#include <caf/all.hpp>
#include <caf/io/all.hpp>
#include <caf/io/basp_broker.hpp>

#include <algorithm>
#include <set>

namespace pier::cli {

namespace {

constexpr std::chrono::seconds patience{10};

} // namespace

nodes::nodes() {
  config_.set("scheduler.policy", caf::atom("sharing"));
  config_.set("scheduler.max-threads", size_t{1});
  config_.set("middleman.workers", size_t{0});
  config_.load<caf::io::middleman>();
  add_wire_types(config_);
  system_ = std::make_unique<caf::actor_system>(config_);
}

nodes::~nodes() {
  all_.clear();
  // CAF keeps a reference for each thread that has ever spawned something, and
  // waits for the last one.
  caf::logger::set_current_actor_system(nullptr);
  system_.reset();
}

result<void> nodes::attach(const std::string& name, net::fd socket, bool far) {
  auto& middleman = system_->middleman();
  auto basp = middleman.named_broker<caf::io::basp_broker>(caf::atom("BASP"));
  result<void> out{};
  console_actor handle;
  caf::scoped_actor self{*system_};
  self
    ->request(
      basp, patience, caf::connect_atom::value,
      middleman.backend().new_scribe(socket.release()), uint16_t{0})
    .receive(
      [&](caf::node_id&, caf::strong_actor_ptr& who, std::set<std::string>&) {
        handle = caf::actor_cast<console_actor>(who);
      },
      [&](const caf::error& why) {
        out = error{
          ec::refused,
          name + " does not let this console in: " + system_->render(why)};
      });
  for (const auto& each : all_)
    if (out && handle && each.handle.node() == handle.node())
      return error{
        ec::name_in_use,
        name + " is " + each.name + ", to which this console is attached"};
  if (out && !handle)
    out = error{ec::refused, name + " does not let this console in"};
  if (out)
    all_.push_back({name, std::move(handle), far});
  return out;
}

std::vector<node> nodes::chosen() const {
  if (choice_.empty())
    return all_;
  std::vector<node> out;
  for (const auto& each : all_)
    if (each.name == choice_)
      out.push_back(each);
  return out;
}

std::string nodes::title() const {
  std::string out;
  for (const auto& each : chosen())
    out += (out.empty() ? "" : " ") + each.name;
  return out;
}

bool nodes::choose(const std::string& name) {
  auto is_it = [&](const node& each) { return each.name == name; };
  if (!name.empty() && std::none_of(all_.begin(), all_.end(), is_it))
    return false;
  choice_ = name;
  return true;
}

} // namespace pier::cli
