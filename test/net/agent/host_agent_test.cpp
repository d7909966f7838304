#include "net/agent/host_agent.hpp"
#include "test/support/show.hpp"

#include <map>

using namespace pier;
using namespace pier::net;

namespace {

environment of(std::map<std::string, std::string> variables) {
  return [=](const char* name) {
    auto found = variables.find(name);
    return found == variables.end() ? std::string{} : found->second;
  };
}

} // namespace

TEST_CASE("what the settings name is the only place") {
  auto all = of({{"SSH_AUTH_SOCK", "/a"}, {"HOME", "/home/me"}});
  CHECK(agent_places("/mine", all) == std::vector<std::string>{"/mine"});
  CHECK(
    agent_places("~/mine", all) == std::vector<std::string>{"/home/me/mine"});
}

TEST_CASE("where SSH_AUTH_SOCK says is the first, the usual ones come next") {
  auto places = agent_places(
    "auto", of({{"SSH_AUTH_SOCK", "/a"}, {"XDG_RUNTIME_DIR", "/run/user/7"}}));
  REQUIRE(places.size() > 1);
  CHECK(places[0] == "/a");
  for (size_t i = 1; i < places.size(); ++i)
    CHECK(places[i].starts_with("/run/user/7/"));
  CHECK(agent_places("auto", of({})).empty());
}

TEST_CASE("no agent is a refusal that names the place and the mend") {
  auto nowhere = dial_agent({});
  REQUIRE(nowhere.has_error());
  CHECK(nowhere.error().text.find("SSH_AUTH_SOCK") != std::string::npos);
  auto gone = dial_agent({"/nonexistent/agent"});
  REQUIRE(gone.has_error());
  CHECK(gone.error().text.find("/nonexistent/agent") != std::string::npos);
  CHECK(dial_agent({std::string(200, 'x')}).has_error());
}
