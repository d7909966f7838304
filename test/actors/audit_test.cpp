#include "test/actors/household_fixture.hpp"

using namespace pier;
using namespace pier::test;

namespace {

class fixture : public household_fixture {
public:
  /// An audit that is over when `time` has passed.
  std::vector<audit_row> audit(caf::timespan time) {
    auto asked = self->request(
      root, caf::infinite, atom::audit::value, audit_marks{});
    run();
    if (between)
      between();
    pass(time);
    std::vector<audit_row> out;
    asked.receive(
      [&](std::vector<audit_row>& rows) { out = std::move(rows); },
      [](caf::error& why) { FAIL(text(why)); });
    return out;
  }

  static audit_row row(std::string owner, bool fault = false) {
    return {
      audit_row::kind::descriptor, "self", "5 tcp", std::move(owner), fault};
  }

  std::function<void()> between;
};

} // namespace

TEST_CASE_METHOD(fixture, "where all have owners one look is enough") {
  running("web");
  network.audit_rows = {row("containers/web"), row("the program")};
  auto rows = audit(0s);
  REQUIRE(rows.size() == 2);
  CHECK_FALSE(rows[0].fault);
  CHECK(network.audits == 1);
  // It is gone when it has answered.
  for (const auto& each : tree().children)
    CHECK(each.kind != "audit");
}

TEST_CASE_METHOD(fixture, "a fault is what two looks find") {
  network.audit_rows = {row("nobody's", true)};
  auto rows = audit(1s);
  CHECK(network.audits == 2);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].fault);
}

TEST_CASE_METHOD(fixture, "what comes between the looks is in passing") {
  network.audit_rows = {row("nobody's", true)};
  between = [this] { network.audit_rows[0].thing = "6 tcp"; };
  auto rows = audit(1s);
  REQUIRE(rows.size() == 1);
  CHECK_FALSE(rows[0].fault);
  CHECK(rows[0].owner == "in passing");
}

TEST_CASE_METHOD(fixture, "an owner who is not in the tree is none") {
  running("web");
  network.audit_rows = {
    row("containers/web/port 80:80"), row("containers/gone: its pipe")};
  network.audit_rows[1].thing = "6 pipe";
  auto rows = audit(1s);
  REQUIRE(rows.size() == 2);
  CHECK_FALSE(rows[0].fault);
  CHECK(rows[1].fault);
  CHECK(
    rows[1].owner.find("containers/gone is not in the tree")
    != rows[1].owner.npos);
}

TEST_CASE_METHOD(fixture, "net is told of the flows of all containers") {
  auto web = running("web");
  network.arrive(
    {direction::outbound,
     protocol::tcp,
     {web->address().v4, 4711},
     {*ip_address::parse("10.0.0.1"), 80}});
  run();
  audit(1s);
  REQUIRE(network.audited_flows.size() == 1);
  CHECK(network.audited_flows[0].path.starts_with("containers/web/sessions/"));
}
