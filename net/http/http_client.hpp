#pragma once

/// One client of our HTTP proxy, on the HTTP thread: one request after the
/// other, each with a yes or a no from the control thread.
///
/// Theory of operation. A request's head is read, judged by the grammar
/// (request_head) and told; until it is answered nothing more is read. A yes
/// comes with a connection to a server, or with the word that the last one is
/// good for it. Then CONNECT and what was upgraded leave this thread: both
/// sockets go back to the control thread, to a relay that splices. Every other
/// exchange is carried here (relayed_exchange), since its end must be seen.
///
///     reading ──head──▶ asking ──yes──▶ exchanging ──done──▶ reading
///        │ malformed       │ no             │ upgraded
///        ▼                 ▼                ▼
///      an answer of ours, then FIN        gone to a relay
///
/// A head has a minute from its first byte, and the next request five minutes
/// to begin. After an answer of ours what the client still sends is passed over
/// for two seconds: a socket that is closed with something unread resets, and
/// the answer would be lost.

#include "net/http/http_thread.hpp"
#include "net/http/relayed_exchange.hpp"

#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <optional>

namespace pier::net {

/// A server that is connected, and how it is spoken to.
struct http_server_side {
  fd socket;
  /// It is a proxy that takes requests in absolute form.
  bool to_proxy = false;
  /// What it is told, then.
  proxy_words words;
};

class http_client : public std::enable_shared_from_this<http_client> {
public:
  /// What it tells, on the HTTP thread.
  struct ears {
    std::function<void(proxy_request)> asked;
    /// A connection is wanted for what was asked last, which has this URL.
    std::function<void(std::string url)> wants_server;
    /// The proxy is there, and is to be told of what was asked last.
    std::function<void(std::string url)> wants_words;
    /// It wants to know who asks; whether on the same connection.
    std::function<void(
      std::vector<std::string> challenges, std::string url, bool here)>
      asked_by;
    /// Both sockets, with nothing of theirs unsent.
    std::function<void(fd client, fd server)> leaves;
    /// An exchange is over.
    std::function<void()> answered;
    /// It is closed, or about to be.
    std::function<void(ec why)> ended;
  };

  /// `counts` outlive it.
  http_client(
    http_thread& thread, std::shared_ptr<http_counts> counts, ears told);

  // All of these on the HTTP thread.

  void begin(fd client);
  /// The same for one whose request was heard elsewhere, and gets a no.
  void turn_away(fd client, const http_refusal& why);
  /// Yes. `same_way`: it leads where the last one did.
  void allow(bool same_way);
  void connect(http_server_side server);
  /// The request, or the same again, on the connection there is.
  void ask(proxy_words words);
  void refuse(const http_refusal& why);
  /// RST, and nothing is told.
  void abort();

private:
  void read_head();
  void hear_more(bool open);
  void hear_request(request_head head);
  void open_tunnel();
  void exchange();
  void hear_outcome(relayed_exchange::outcome how);
  void hear_upgraded();
  void leave();
  void linger();
  void pass_over();
  void end(ec why);
  void close();
  void wait_at_most(std::chrono::seconds time);

  http_thread& thread_;
  std::shared_ptr<http_counts> counts_;
  ears told_;
  boost::asio::steady_timer deadline_;
  std::optional<http_stream> client_;
  std::optional<http_stream> server_;
  bool to_proxy_ = false;
  proxy_words words_;
  /// Where the server is, for whom the last request was.
  std::string server_host_;
  uint16_t server_port_ = 0;
  /// The server has had a request before.
  bool is_kept_ = false;
  /// The server has asked who we are, and may know us by this connection.
  bool is_bound_ = false;
  bool is_asking_ = false;
  bool is_over_ = false;
  /// The first byte of a head has come.
  bool is_reading_ = false;
  size_t passed_over_ = 0;
  std::optional<request_head> request_;
  std::unique_ptr<relayed_exchange> exchange_;
};

} // namespace pier::net
