#include "net/http/relayed_exchange.hpp"

namespace pier::net {

namespace {

constexpr int most_interims = 64;
constexpr size_t most_page = 256 * 1024;
/// Of a body that a proxy may want once more, behind who sends it.
constexpr size_t most_kept = 64 * 1024;
/// A proxy has asked by then, who reads no further than the head.
constexpr std::chrono::milliseconds for_question{500};
constexpr unsigned switching = 101, proxy_wants_login = 407;

} // namespace

relayed_exchange::relayed_exchange(parts with, taker done)
  : with_(std::move(with)),
    done_(std::move(done)),
    patience_(with_.io),
    room_(loop_room::of(with_.io).at(0)),
    up_(with_.client, with_.server, room_, with_.counts.sent),
    down_(with_.server, with_.client, room_, with_.counts.received) {}

relayed_exchange::~relayed_exchange() {
  with_.client.forget();
  with_.server.forget();
}

void relayed_exchange::begin() {
  auto head = onward_request(
    leaves_body() ? without_body(with_.request) : with_.request, with_.to_proxy,
    with_.words.credentials);
  with_.server.send(std::move(head), [this](bool open) {
    // One that takes nothing may have said why.
    read_head();
    if (open)
      send_body();
  });
}

// -- the request --------------------------------------------------------------

bool relayed_exchange::has_body() const {
  return with_.request.facts.body.how != framing::kind::none;
}

bool relayed_exchange::leaves_body() const {
  return has_body() && with_.to_proxy
    && with_.words.as == proxy_words::standing::unfinished;
}

void relayed_exchange::send_body() {
  if (leaves_body()) {
    uploaded_ = true;
    return;
  }
  const auto& body = with_.request.facts.body;
  if (with_.to_proxy) {
    up_.keep(most_kept);
    if (with_.words.as == proxy_words::standing::untried)
      up_.hold([this] { await_question(); });
  }
  up_.begin(body, body, [this](body_pump::outcome how) { hear_uploaded(how); });
}

void relayed_exchange::await_question() {
  patience_.expires_after(for_question);
  patience_.async_wait(
    life_.guard([this](const boost::system::error_code& why) {
      if (!why)
        up_.go_on();
    }));
}

void relayed_exchange::hear_uploaded(body_pump::outcome how) {
  switch (how) {
    case body_pump::outcome::done:
      uploaded_ = true;
      return;
    case body_pump::outcome::unwanted:
      // The server has heard enough; its answer says what it thinks of it.
      return;
    case body_pump::outcome::malformed:
      if (answers_)
        return finish(out_);
      out_.what = outcome::kind::refused;
      out_.why = {400, "the request's body cannot be read"};
      return finish(out_);
    case body_pump::outcome::cut_off:
      return finish(out_);
  }
}

// -- the answer ---------------------------------------------------------------

void relayed_exchange::read_head() {
  auto& come = with_.server.come;
  if (auto end = find_head_end(come); end > 0 && end <= longest_head) {
    auto head = read_response(
      std::string_view{come}.substr(0, end), with_.request.method);
    come.erase(0, end);
    return head ? hear_head(std::move(*head)) : fail(head.error().text);
  }
  if (come.size() > longest_head)
    return fail("the server's answer has a head of more than 64 KiB");
  with_.server.fill([this](bool open) {
    if (open)
      return read_head();
    auto is_silent = with_.server.come.empty() && interims_ == 0;
    if (is_silent)
      out_.what = outcome::kind::stale;
    fail("the server has hung up before it had answered");
  });
}

void relayed_exchange::hear_head(response_head head) {
  if (head.status == proxy_wants_login)
    return hear_challenge(head);
  // Whatever it says, it does not ask.
  up_.go_on();
  if (!done_)
    return;
  if (head.is_interim())
    return pass_interim(head);
  if (leaves_body())
    return fail("the proxy of the network around us has let by who has not "
                "said all yet");
  if (head.status == switching && with_.request.facts.upgrade.empty())
    return fail("the server speaks another protocol that nobody asked for");
  pass(std::move(head));
}

void relayed_exchange::pass_interim(const response_head& head) {
  if (++interims_ > most_interims)
    return fail("the server has sent more than 64 interim answers");
  auto is_http11 = with_.request.facts.is_http11;
  if (!is_http11)
    return read_head();
  answers_ = true;
  with_.client.send(
    onward_response(head, {}, is_http11, true), [this](bool open) {
      if (open)
        read_head();
      else
        finish(out_);
    });
}

void relayed_exchange::pass(response_head head) {
  const auto& asked = with_.request.facts;
  if (head.status == switching) {
    out_.what = outcome::kind::upgraded;
    answers_ = true;
    return with_.client.send(
      onward_response(head, {}, true, true), [this](bool open) {
        if (!open)
          out_.what = outcome::kind::broken;
        finish(out_);
      });
  }
  auto as = onward_framing(head, asked.is_http11);
  out_.keeps_server = head.facts.keep_alive && uploaded_;
  out_.keeps_client = asked.keep_alive && uploaded_
    && as.how != framing::kind::until_end;
  answers_ = true;
  send_answer(head, as);
}

void relayed_exchange::send_answer(
  const response_head& head, const framing& as) {
  auto text = onward_response(
    head, as, with_.request.facts.is_http11, out_.keeps_client);
  with_.client.send(
    std::move(text), [this, from = head.facts.body, as](bool open) {
      if (!open)
        return finish(out_);
      down_.begin(
        from, as, [this](body_pump::outcome how) { hear_downloaded(how); });
    });
}

void relayed_exchange::hear_downloaded(body_pump::outcome how) {
  if (how == body_pump::outcome::done)
    out_.what = outcome::kind::done;
  finish(out_);
}

// -- a proxy that asks who we are ---------------------------------------------

/// It goes no further: whoever the client is to us, he is nobody to that proxy.
void relayed_exchange::hear_challenge(const response_head& head) {
  if (!with_.to_proxy)
    return fail("a server asks for the credentials of a proxy");
  if (has_body() && !leaves_body() && !up_.give_back())
    return fail(
      "the proxy of the network around us wants to know who asks, and of a "
      "body that has gone no more than 64 KiB can be sent again: ask once "
      "without one");
  auto [first, last] = head.fields.equal_range("Proxy-Authenticate");
  for (; first != last; ++first)
    out_.challenges.emplace_back(first->value());
  out_.what = outcome::kind::asked;
  out_.keeps_server = head.facts.keep_alive && uploaded_;
  page_ = body_reader{head.facts.body};
  pass_over();
}

/// What it says to people. A longer page costs its connection.
void relayed_exchange::pass_over() {
  while (!page_.is_done()) {
    auto got = page_.read(with_.server.come, room_);
    if (!got || passed_over_ > most_page) {
      out_.keeps_server = false;
      break;
    }
    with_.server.come.erase(0, got->taken);
    passed_over_ += got->taken;
    if (got->taken > 0 || got->given > 0)
      continue;
    return with_.server.fill([this](bool open) {
      if (!open)
        page_ = body_reader{framing{}};
      out_.keeps_server = out_.keeps_server && open;
      pass_over();
    });
  }
  finish(out_);
}

/// Once the client has heard something, all that is left is to break off.
void relayed_exchange::fail(const std::string& why) {
  if (answers_)
    return finish(out_);
  if (out_.what != outcome::kind::stale)
    out_.what = outcome::kind::refused;
  out_.why = {502, why};
  finish(out_);
}

void relayed_exchange::finish(outcome how) {
  if (auto done = std::exchange(done_, nullptr))
    done(std::move(how));
}

} // namespace pier::net
