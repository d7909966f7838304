#include "config/quote.hpp"
#include "config/rows.hpp"
#include "config/schema/sections.hpp"
#include "config/string_grammar.hpp"

namespace pier::config {

namespace {

/// Where to listen on this machine alone, or "off" for nowhere.
grammar<std::optional<endpoint>> loopback_or_off() {
  using value = std::optional<endpoint>;
  return of_strings<value>(
    R"(ADDRESS:PORT, or "off")",
    [](const std::string& text, std::string& why) -> std::optional<value> {
      if (text == "off")
        return value{};
      auto at = read_endpoint(text);
      if (!at || at->port == 0)
        return std::nullopt;
      if (!at->ip.is_loopback()) {
        auto port = std::to_string(at->port);
        why = ": whoever reaches it may read it, so that it listens on the "
              "loopback alone: write \"127.0.0.1:"
          + port + "\" or \"[::1]:" + port
          + "\", and let a proxy that asks for a password face others";
        return std::nullopt;
      }
      return std::optional<value>{std::in_place, *at};
    },
    [](const value& of) { return quoted(of ? to_string(*of) : "off"); });
}

} // namespace

section metrics_section() {
  return {
    "metrics",
    "What Pier counts, for Prometheus.",
    {
      row(
        "metrics.listen", &settings::metrics, &metrics_settings::listen,
        loopback_or_off(),
        "Where GET /metrics is answered, on the loopback alone, such as "
        "\"127.0.0.1:9464\"; \"pier metrics\" prints the same."),
    }};
}

} // namespace pier::config
