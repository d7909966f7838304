#include "net/dns/server.hpp"

#include "net/fd.hpp"
#include "net/socket_address.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <unordered_map>
#include <vector>

namespace pier::net {

namespace {

namespace asio = boost::asio;
using descriptor = asio::posix::stream_descriptor;

constexpr size_t most_bytes = 65535;
/// Questions that wait for their query at once; more are dropped, and asked
/// again by the guests' resolvers.
constexpr size_t most_waiting = 8192;
constexpr size_t most_connections = 256;
constexpr int questions_a_turn = 64;
constexpr std::chrono::seconds connection_idle{10};
constexpr std::chrono::milliseconds exhausted_pause{100};

/// Where an answer goes.
class asker {
public:
  virtual ~asker() = default;
  virtual void reply(dns_bytes bytes, dns_view query) = 0;
};

struct waiting_question {
  dns_question what;
  dns_bytes query;
  std::shared_ptr<asker> from;
};

} // namespace

struct dns_server::parts : std::enable_shared_from_this<parts> {
  parts(asio::io_context& loop, upstream& servers)
    : io(loop), resolvers(servers) {}

  void hear(
    dns_view query, const endpoint& guest, bool tcp,
    std::shared_ptr<asker> from) {
    auto question = read_question(query);
    if (!question) {
      auto why = question.error().code == ec::not_supported
        ? dns_code::not_implemented
        : dns_code::malformed;
      // A reply is never answered: two servers could play it for ever.
      auto is_reply = query.size() > 2 && (query[2] & 0x80) != 0;
      auto failure = make_failure(query, why);
      if (!is_reply && !failure.empty())
        from->reply(std::move(failure), query);
      return;
    }
    if (waiting.size() >= most_waiting)
      return;
    question->number = ++last_ticket;
    question->guest = guest;
    question->over_tcp = tcp;
    auto& entry = waiting[question->number];
    entry = {*question, dns_bytes(query.begin(), query.end()), std::move(from)};
    if (asked)
      asked(*question);
  }

  asio::io_context& io;
  upstream& resolvers;
  sink asked;
  std::unordered_map<ticket, waiting_question> waiting;
  ticket last_ticket = 0;
  size_t connections = 0;
};

namespace {

/// One UDP socket of ours and all who ask there.
class udp_desk : public std::enable_shared_from_this<udp_desk> {
public:
  using hearer = std::function<void(
    dns_view, const endpoint&, std::shared_ptr<asker>)>;

  udp_desk(asio::io_context& io, int socket, hearer heard)
    : socket_(io, socket), heard_(std::move(heard)) {}

  void await() {
    socket_.async_wait(
      descriptor::wait_read,
      [me = weak_from_this()](const boost::system::error_code& why) {
        auto self = me.lock();
        if (!self || why)
          return;
        self->read();
        self->await();
      });
  }

  void reply(const endpoint& to, dns_bytes bytes, dns_view query) {
    if (bytes.size() > udp_size(query))
      bytes = truncate(bytes);
    auto address = to_kernel(to);
    ::sendto(
      socket_.native_handle(), bytes.data(), bytes.size(),
      MSG_DONTWAIT | MSG_NOSIGNAL, address.data(), address.size);
  }

private:
  class guest : public asker {
  public:
    guest(std::weak_ptr<udp_desk> desk, const endpoint& who)
      : desk_(std::move(desk)), who_(who) {}
    void reply(dns_bytes bytes, dns_view query) override {
      if (auto desk = desk_.lock())
        desk->reply(who_, std::move(bytes), query);
    }

  private:
    std::weak_ptr<udp_desk> desk_;
    endpoint who_;
  };

  void read() {
    std::array<uint8_t, most_bytes> buffer;
    for (int i = 0; i < questions_a_turn; ++i) {
      socket_address from;
      auto got = ::recvfrom(
        socket_.native_handle(), buffer.data(), buffer.size(), MSG_DONTWAIT,
        from.data(), &from.size);
      if (got < 0)
        return;
      auto who = from_kernel(from);
      heard_(
        {buffer.data(), static_cast<size_t>(got)}, who,
        std::make_shared<guest>(weak_from_this(), who));
    }
  }

  descriptor socket_;
  hearer heard_;
};

/// One TCP connection: several questions, answered in any order.
class tcp_desk : public asker, public std::enable_shared_from_this<tcp_desk> {
public:
  using hearer = std::function<void(
    dns_view, const endpoint&, std::shared_ptr<asker>)>;

  tcp_desk(
    asio::io_context& io, fd socket, const endpoint& guest, hearer heard,
    std::function<void()> gone)
    : socket_(io, socket.release()),
      silence_(io),
      guest_(guest),
      heard_(std::move(heard)),
      gone_(std::move(gone)) {}

  ~tcp_desk() override {
    gone_();
  }

  /// The pending wait keeps it alive until the guest hangs up or is silent.
  void await() {
    silence_.expires_after(connection_idle);
    silence_.async_wait(
      [me = weak_from_this()](const boost::system::error_code& why) {
        if (auto self = me.lock(); self && !why)
          self->socket_.cancel();
      });
    socket_.async_wait(
      descriptor::wait_read,
      [me = shared_from_this()](const boost::system::error_code& why) {
        if (!why && me->read())
          me->await();
      });
  }

  void reply(dns_bytes bytes, dns_view) override {
    dns_bytes out{
      static_cast<uint8_t>(bytes.size() >> 8),
      static_cast<uint8_t>(bytes.size() & 0xff)};
    out.insert(out.end(), bytes.begin(), bytes.end());
    unsent_.insert(unsent_.end(), out.begin(), out.end());
    flush();
  }

private:
  /// False: it is over.
  bool read() {
    std::array<uint8_t, 4096> buffer;
    auto got = ::recv(
      socket_.native_handle(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got < 0)
      return errno == EAGAIN;
    if (got == 0)
      return false;
    stream_.insert(stream_.end(), buffer.data(), buffer.data() + got);
    size_t at = 0;
    while (stream_.size() - at >= 2) {
      size_t length = static_cast<size_t>(stream_[at]) << 8 | stream_[at + 1];
      if (stream_.size() - at < 2 + length)
        break;
      heard_(
        dns_view{stream_}.subspan(at + 2, length), guest_, shared_from_this());
      at += 2 + length;
    }
    stream_.erase(
      stream_.begin(), stream_.begin() + static_cast<std::ptrdiff_t>(at));
    return true;
  }

  void flush() {
    while (!unsent_.empty()) {
      auto sent = ::send(
        socket_.native_handle(), unsent_.data(), unsent_.size(),
        MSG_DONTWAIT | MSG_NOSIGNAL);
      if (sent < 0) {
        if (errno == EAGAIN && !flushing_) {
          flushing_ = true;
          socket_.async_wait(
            descriptor::wait_write,
            [me = shared_from_this()](const boost::system::error_code& why) {
              me->flushing_ = false;
              if (!why)
                me->flush();
            });
        }
        return;
      }
      unsent_.erase(unsent_.begin(), unsent_.begin() + sent);
    }
  }

  descriptor socket_;
  asio::steady_timer silence_;
  endpoint guest_;
  hearer heard_;
  std::function<void()> gone_;
  dns_bytes stream_, unsent_;
  bool flushing_ = false;
};

/// A listening socket; keeps itself alive by its pending wait.
class door : public std::enable_shared_from_this<door> {
public:
  door(
    asio::io_context& io, int socket,
    std::function<void(fd, const endpoint&)> came)
    : socket_(io, socket), pause_(io), came_(std::move(came)) {}

  void await() {
    socket_.async_wait(
      descriptor::wait_read,
      [me = weak_from_this()](const boost::system::error_code& why) {
        if (auto self = me.lock(); self && !why)
          self->accept();
      });
  }

private:
  void accept() {
    socket_address from;
    fd made{::accept4(
      socket_.native_handle(), from.data(), &from.size,
      SOCK_NONBLOCK | SOCK_CLOEXEC)};
    if (made)
      came_(std::move(made), from_kernel(from));
    else if (from_errno(errno) == ec::exhausted) {
      pause_.expires_after(exhausted_pause);
      pause_.async_wait(
        [me = weak_from_this()](const boost::system::error_code& why) {
          if (auto self = me.lock(); self && !why)
            self->await();
        });
      return;
    }
    await();
  }

  descriptor socket_;
  asio::steady_timer pause_;
  std::function<void(fd, const endpoint&)> came_;
};

class pending_exchange : public exchange {
public:
  pending_exchange(upstream& resolvers, waiting_question what, sink events)
    : resolvers_(resolvers),
      what_(std::move(what)),
      events_(std::move(events)) {}
  ~pending_exchange() override {
    fail();
  }
  void answer(const dns_answer& how) override {
    reply(make_answer(what_.query, how));
  }
  void forward() override {
    ask_ = resolvers_.send(
      what_.query, what_.what.over_tcp, [this](result<dns_bytes> got) {
        if (got)
          reply(std::move(*got));
        events_({got ? ec::ok : got.error().code});
      });
  }
  void fail() override {
    reply(make_failure(what_.query, dns_code::failure));
  }

private:
  void reply(dns_bytes bytes) {
    if (auto from = std::exchange(what_.from, nullptr))
      from->reply(std::move(bytes), what_.query);
  }

  upstream& resolvers_;
  waiting_question what_;
  sink events_;
  std::unique_ptr<upstream::ask> ask_;
};

} // namespace

struct dns_server_desks {
  std::vector<std::shared_ptr<udp_desk>> udp;
  std::vector<std::shared_ptr<door>> tcp;
};

dns_server::dns_server(asio::io_context& io, upstream& resolvers)
  : parts_(std::make_shared<parts>(io, resolvers)),
    desks_(std::make_unique<dns_server_desks>()) {}

dns_server::~dns_server() = default;

void dns_server::serve(int socket, bool tcp) {
  auto hear =
    [all = std::weak_ptr<parts>{parts_},
     tcp](dns_view query, const endpoint& guest, std::shared_ptr<asker> from) {
      if (auto self = all.lock())
        self->hear(query, guest, tcp, std::move(from));
    };
  if (!tcp) {
    desks_->udp.push_back(
      std::make_shared<udp_desk>(parts_->io, ::dup(socket), hear));
    desks_->udp.back()->await();
    return;
  }
  auto came = [all = std::weak_ptr<parts>{parts_},
               hear](fd made, const endpoint& guest) {
    auto self = all.lock();
    if (!self || self->connections >= most_connections)
      return;
    ++self->connections;
    auto gone = [all] {
      if (auto still = all.lock())
        --still->connections;
    };
    std::make_shared<tcp_desk>(self->io, std::move(made), guest, hear, gone)
      ->await();
  };
  desks_->tcp.push_back(
    std::make_shared<door>(parts_->io, ::dup(socket), came));
  desks_->tcp.back()->await();
}

void dns_server::watch(sink asked) {
  parts_->asked = std::move(asked);
  for (const auto& [number, each] : parts_->waiting)
    parts_->asked(each.what);
}

std::unique_ptr<exchange>
dns_server::claim(ticket number, exchange::sink events) {
  auto found = parts_->waiting.find(number);
  if (found == parts_->waiting.end())
    return nullptr;
  auto what = std::move(found->second);
  parts_->waiting.erase(found);
  return std::make_unique<pending_exchange>(
    parts_->resolvers, std::move(what), std::move(events));
}

} // namespace pier::net
