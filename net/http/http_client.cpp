#include "net/http/http_client.hpp"

#include "net/http/token.hpp"
#include "net/http/tunnel_opened.hpp"

#include <boost/asio/post.hpp>

namespace pier::net {

namespace {

constexpr std::chrono::seconds for_head{60};
constexpr std::chrono::seconds for_next{300};
constexpr std::chrono::seconds for_rest{2};
/// Of what is passed over.
constexpr size_t most_rest = 1024UL * 1024;

} // namespace

http_client::http_client(
  http_thread& thread, std::shared_ptr<http_counts> counts, ears told)
  : thread_(thread),
    counts_(std::move(counts)),
    told_(std::move(told)),
    deadline_(thread.io()) {}

void http_client::begin(fd client) {
  if (is_over_)
    return;
  client_.emplace(thread_.io(), std::move(client));
  wait_at_most(for_head);
  is_reading_ = true;
  read_head();
}

void http_client::turn_away(fd client, const http_refusal& why) {
  if (is_over_)
    return;
  client_.emplace(thread_.io(), std::move(client));
  refuse(why);
}

// -- a request ----------------------------------------------------------------

void http_client::read_head() {
  auto& come = client_->come;
  come.erase(0, empty_lines_before(come));
  if (auto end = find_head_end(come); end > 0 && end <= longest_head) {
    auto head = read_request(std::string_view{come}.substr(0, end));
    come.erase(0, end);
    return head ? hear_request(std::move(*head)) : refuse(head.error());
  }
  // It begins with a method, or in the middle of an empty line's end.
  if (!come.empty() && come.front() != '\r' && !is_token(come.front()))
    return refuse(
      {400,
       "this is an HTTP proxy, and what has come is no HTTP: for TLS and "
       "SOCKS there is none here"});
  if (come.size() > longest_head) {
    auto in_first_line = come.find('\n') == come.npos;
    return refuse(
      {in_first_line ? 414U : 431U,
       "the request has a head of more than 64 KiB"});
  }
  if (come.empty())
    come = {};
  client_->fill([this](bool open) { hear_more(open); });
}

void http_client::hear_more(bool open) {
  if (!open)
    return end(client_->come.empty() ? ec::ok : ec::reset);
  if (!std::exchange(is_reading_, true))
    wait_at_most(for_head);
  read_head();
}

void http_client::hear_request(request_head head) {
  deadline_.cancel();
  is_reading_ = false;
  request_ = std::move(head);
  is_asking_ = true;
  told_.asked(request_->what);
}

void http_client::allow(bool same_way) {
  if (is_over_ || !is_asking_)
    return;
  is_asking_ = false;
  const auto& what = request_->what;
  // A server may end what it has kept at any moment, and a body is not to be
  // told twice (RFC 9110, 9.2.2).
  auto may_be_kept = is_bound_
    || request_->facts.body.how == framing::kind::none;
  auto is_same = same_way && server_ && may_be_kept && server_host_ == what.host
    && server_port_ == what.port && what.what == proxy_request::kind::exchange
    && server_->is_quiet();
  if (!is_same) {
    server_.reset();
    return told_.wants_server(url_of(*request_));
  }
  // What a proxy was told may have been for that request alone.
  if (to_proxy_ && !words_.will_do())
    return told_.wants_words(url_of(*request_));
  exchange();
}

void http_client::connect(http_server_side server) {
  if (is_over_)
    return;
  server_.emplace(thread_.io(), std::move(server.socket));
  to_proxy_ = server.to_proxy;
  words_ = std::move(server.words);
  server_host_ = request_->what.host;
  server_port_ = request_->what.port;
  is_kept_ = false;
  is_bound_ = false;
  if (request_->what.what == proxy_request::kind::connect)
    open_tunnel();
  else
    exchange();
}

void http_client::ask(proxy_words words) {
  if (is_over_ || !server_)
    return;
  words_ = std::move(words);
  exchange();
}

// -- bytes from then on -------------------------------------------------------

void http_client::open_tunnel() {
  client_->send(std::string{tunnel_opened}, [this](bool on) {
    if (on)
      leave();
    else
      end(ec::reset);
  });
}

void http_client::hear_upgraded() {
  // What the server has said already, in its new language.
  client_->send(std::exchange(server_->come, {}), [this](bool on) {
    if (on)
      leave();
    else
      end(ec::reset);
  });
}

/// What the client has said already goes first.
void http_client::leave() {
  server_->send(std::exchange(client_->come, {}), [this](bool) {
    is_over_ = true;
    told_.leaves(client_->release(), server_->release());
    client_.reset();
    server_.reset();
  });
}

// -- an exchange --------------------------------------------------------------

void http_client::exchange() {
  relayed_exchange::parts with{thread_.io(), *client_,  *server_, *counts_,
                               *request_,    to_proxy_, words_};
  // Its end comes from within itself.
  auto done = [me = weak_from_this(),
               &io = thread_.io()](relayed_exchange::outcome how) {
    boost::asio::post(io, [me, how = std::move(how)]() mutable {
      if (auto self = me.lock())
        self->hear_outcome(std::move(how));
    });
  };
  exchange_ = std::make_unique<relayed_exchange>(
    std::move(with), std::move(done));
  exchange_->begin();
}

void http_client::hear_outcome(relayed_exchange::outcome how) {
  using kind = relayed_exchange::outcome::kind;
  if (is_over_)
    return;
  exchange_.reset();
  if (how.what == kind::asked) {
    is_bound_ = true;
    if (!how.keeps_server)
      server_.reset();
    return told_.asked_by(
      std::move(how.challenges), url_of(*request_), how.keeps_server);
  }
  told_.answered();
  switch (how.what) {
    case kind::done:
      if (!how.keeps_server)
        server_.reset();
      is_kept_ = true;
      if (!how.keeps_client) {
        client_->shut();
        return linger();
      }
      wait_at_most(for_next);
      return read_head();
    case kind::upgraded:
      return hear_upgraded();
    case kind::stale: {
      // It ended while nobody asked anything of it; another one may not.
      auto again = is_kept_ && request_->facts.body.how == framing::kind::none;
      server_.reset();
      return again ? told_.wants_server(url_of(*request_)) : refuse(how.why);
    }
    case kind::refused:
      return refuse(how.why);
    case kind::asked:
      return;
    case kind::broken:
      // Whoever has heard half of something must not take it for the whole.
      client_->reset();
      return end(ec::reset);
  }
}

// -- the end ------------------------------------------------------------------

void http_client::refuse(const http_refusal& why) {
  if (is_over_)
    return;
  is_asking_ = false;
  exchange_.reset();
  server_.reset();
  wait_at_most(for_head);
  client_->send(own_response(why), [this](bool on) {
    if (!on)
      return end(ec::reset);
    client_->shut();
    linger();
  });
}

void http_client::linger() {
  wait_at_most(for_rest);
  pass_over();
}

void http_client::pass_over() {
  passed_over_ += client_->come.size();
  client_->come = {};
  if (passed_over_ > most_rest)
    return end(ec::ok);
  client_->fill([this](bool open) {
    if (open)
      pass_over();
    else
      end(ec::ok);
  });
}

void http_client::end(ec why) {
  close();
  told_.ended(why);
}

void http_client::abort() {
  if (client_)
    client_->reset();
  close();
}

void http_client::close() {
  is_over_ = true;
  deadline_.cancel();
  exchange_.reset();
  server_.reset();
  client_.reset();
}

void http_client::wait_at_most(std::chrono::seconds time) {
  deadline_.expires_after(time);
  deadline_.async_wait(
    [me = weak_from_this()](const boost::system::error_code& why) {
      auto self = me.lock();
      if (!why && self && !self->is_over_)
        self->end(ec::timed_out);
    });
}

} // namespace pier::net
