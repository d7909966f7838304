#pragma once

/// The whole tree over a network that records, with containers to be had.

#include "actors/root.hpp"
#include "test/support/actor_fixture.hpp"

namespace pier::test {

class household_fixture : public actor_fixture {
public:
  explicit household_fixture(const settings& with = {})
    : root(keep(system.spawn(
      actors::root,
      actors::root_args{
        &network, begin_with(with),
        [this](const event& what) { news.push_back(what); },
        [this](const settings_ptr& next) { kept = next; }}))) {}

  settings_ptr begin_with(const settings& with) {
    network.begin_with(with.network);
    return std::make_shared<const settings>(with);
  }

  static container_spec spec(const std::string& name) {
    container_spec out;
    out.name = name;
    out.command = {"true"};
    port_spec port;
    port.host = port.container = {80, 80};
    out.publish = {port};
    return out;
  }

  /// Asks for a container; `receive` later, when it runs or not.
  auto request_run(const container_spec& what) {
    auto asked = self->request(
      root, caf::infinite, atom::run::value, what, ticket{1});
    run();
    return asked;
  }

  std::shared_ptr<fake_premises> running(const std::string& name) {
    auto asked = request_run(spec(name));
    auto where = network.premises(name);
    REQUIRE(where);
    where->started();
    run();
    asked.receive(
      [](container_info&) {},
      [](caf::error& why) { FAIL(caf::to_string(why)); });
    return where;
  }

  void crash(const std::string& path) {
    ask<done_t>(root, atom::fault::value, path);
    pass(1s);
  }

  static std::string text(const caf::error& why) {
    return why.context().match_elements<std::string>()
      ? why.context().get_as<std::string>(0)
      : caf::to_string(why);
  }

  health tree() {
    return *ask<health>(root, atom::status::value).first;
  }

  /// One of the root's children.
  health floor(const std::string& name) {
    for (const auto& each : tree().children)
      if (each.name == name)
        return each;
    FAIL("no " << name);
    return {};
  }

  /// What the next root would be born with.
  settings_ptr kept;
  root_actor root;
};

} // namespace pier::test
