#include "config/agent_grammar.hpp"
#include "config/container_row.hpp"
#include "config/egress_grammar.hpp"
#include "config/rows.hpp"
#include "config/schema/sections.hpp"

namespace pier::config {

namespace {

using strings = std::vector<std::string>;

constexpr size_t most_keys = 256;

grammar<strings> keys() {
  return list_of(key_fingerprint(), 0, most_keys);
}

template <class T>
key own_row(
  const std::string& leaf, grammar<T> how,
  std::optional<T> own_ssh_agent_terms::*field, std::string help,
  const std::string& value) {
  return container_row<T>(
    leaf, [how](const std::string&) { return how; },
    [=](const container_policy& from) { return from.ssh_agent.*field; },
    [=](container_policy& into, std::optional<T> what) {
      into.ssh_agent.*field = std::move(what);
    },
    std::move(help), "web." + leaf + " = " + value);
}

} // namespace

section ssh_agent_section() {
  auto at = [](auto field) {
    return [=](auto& all) -> auto& {
      return all.policy.ssh_agent.*field;
    };
  };
  using terms = ssh_agent_terms;
  return {
    "ssh_agent",
    "The host's SSH agent, at /run/host-services/ssh-auth.sock in every "
    "container of pier run. Each use is an event.",
    {
      row(
        "ssh_agent.enabled", at(&terms::enabled), yes_or_no(),
        "Whether containers may use it; where not, they hear a failure."),
      row(
        "ssh_agent.socket", at(&terms::socket), path_or_auto(),
        "Where it is. \"auto\": where SSH_AUTH_SOCK says, or else where "
        "systemd, "
        "GNOME and GnuPG put theirs. It is dialled anew for each client."),
      row(
        "ssh_agent.keys", at(&terms::keys), keys(),
        "The keys that containers see and use, by their fingerprints, as "
        "ssh-add -l shows them; none: every key."),
      row(
        "ssh_agent.confirm", at(&terms::confirm), shell_command(),
        "A shell command that is run before a key is used: its success is a "
        "yes. PIER_CONTAINER and PIER_KEY say who asks, and for which."),
      row(
        "ssh_agent.changes", at(&terms::changes), yes_or_no(),
        "Whether containers may add and remove keys, lock and unlock."),
    }};
}

std::vector<key> container_agent_rows() {
  using own = own_ssh_agent_terms;
  return {
    own_row(
      "ssh_agent", yes_or_no(), &own::enabled,
      "Whether this one may use the host's SSH agent.", "false"),
    own_row(
      "ssh_keys", keys(), &own::keys, "Which of its keys.",
      R"(["SHA256:AbCdEfGhIjKlMnOpQrStUvWxYz0123456789+/AbCdE"])"),
    own_row(
      "ssh_confirm", shell_command(), &own::confirm,
      "By whose leave, as ssh_agent.confirm.",
      R"("zenity --question --text \"$PIER_CONTAINER: $PIER_KEY?\"")"),
    own_row(
      "ssh_changes", yes_or_no(), &own::changes,
      "Whether it may add and remove keys, lock and unlock.", "true"),
  };
}

} // namespace pier::config
