#include "actors/why_port.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace pier::actors {

namespace {

void note(explanation& out, std::string what, bool good, std::string detail) {
  out.steps.push_back({std::move(what), good, std::move(detail)});
}

/// The first thing that is in the way decides.
void fail(explanation& out, std::string cause, std::string text) {
  if (out.cause != "ok")
    return;
  out.cause = std::move(cause);
  out.verdict = ec::refused;
  out.text = std::move(text);
}

std::string seconds(uint64_t milliseconds) {
  std::array<char, 32> text{};
  std::snprintf(
    text.data(), text.size(), "%.3f s",
    static_cast<double>(milliseconds) / 1000);
  return text.data();
}

void explain_service(explanation& out, const port_facts& of) {
  auto where = "container " + of.container;
  auto number = of.spec.container.first == of.spec.container.last
    ? std::to_string(of.spec.container.first)
    : std::to_string(of.spec.container.first) + "-"
      + std::to_string(of.spec.container.last);
  number += '/';
  number += to_string(of.spec.proto);
  std::string all;
  for (const auto& each : of.services)
    all += (all.empty() ? "" : ", ") + to_string(each.at);
  if (!all.empty())
    return note(out, "service", true, where + " listens on " + all);
  auto text = "nothing in " + where + " listens on " + number
    + ", unless on its loopback, where nobody else gets: start the service, or "
      "bind it to 0.0.0.0";
  note(out, "service", false, text);
  fail(out, "nothing_listens", text);
}

void explain_client(explanation& out, const past_client& who) {
  note(
    out, "client", who.why == ec::ok,
    to_string(who.client) + ": " + std::string{to_string(who.why)} + " when "
      + who.state + ", after " + seconds(who.milliseconds) + ", sent "
      + std::to_string(who.bytes.received) + " B, got "
      + std::to_string(who.bytes.sent) + " B");
}

} // namespace

explanation explain_port(const port_facts& of) {
  explanation out;
  auto own = "port " + to_string(of.spec) + " of container " + of.container;
  out.text = to_string(of.asked) + " leads to " + own;
  note(out, "holder", true, own);
  auto mend = "pier resume " + std::to_string(of.asked.port);
  if (of.paused) {
    note(out, "pause", false, own + " is paused: " + mend);
    fail(out, "paused", own + " is paused: " + mend);
  }
  explain_service(out, of);
  auto is_open = std::any_of(
    of.bound.begin(), of.bound.end(), [&](const bound_port& each) {
      return each.open && each.host.port == of.asked.port;
    });
  if (!of.paused) {
    auto state = of.state == "up" ? std::string{} : ": " + of.state;
    note(
      out, "socket", is_open,
      to_string(of.asked) + (is_open ? " takes clients in" : " is shut")
        + state);
    if (!is_open)
      fail(out, "shut", to_string(of.asked) + " is shut" + state);
  }
  for (const auto& each : of.last)
    explain_client(out, each);
  return out;
}

explanation explain_forward(const host_port& asked, const forward_info& of) {
  explanation out;
  auto own = "forward " + to_string(of.listen) + " -> " + to_string(of.what.to);
  out.text = to_string(asked) + " leads to " + own;
  note(out, "holder", true, own);
  if (!of.refusal.empty()) {
    note(out, "forward", false, of.refusal);
    fail(out, "forward_refused", own + ": " + of.refusal);
  }
  note(
    out, "socket", of.open,
    to_string(asked) + (of.open ? " takes clients in" : " is shut"));
  if (!of.open)
    fail(
      out, "paused",
      own + " is paused: pier resume " + std::to_string(asked.port));
  return out;
}

explanation explain_socks(const host_port& asked) {
  explanation out;
  out.text = to_string(asked)
    + " leads to every container, by SOCKS and HTTP CONNECT: socks.listen";
  note(out, "holder", true, out.text);
  return out;
}

explanation
explain_stranger(const host_port& asked, const std::string& holder) {
  explanation out;
  auto at = to_string(asked);
  if (holder.empty()) {
    auto text = "nobody has port " + at + ": publish it, as with pier publish";
    note(out, "holder", false, text);
    fail(out, "not_published", text);
    return out;
  }
  // It stands in brackets behind a refusal elsewhere.
  auto who = holder.substr(2, holder.size() - 3);
  auto text = "port " + at + " is " + who
    + ", and not published by Pier: end "
      "that process, or publish another port";
  note(out, "holder", false, text);
  fail(out, "held_by_another", text);
  return out;
}

} // namespace pier::actors
