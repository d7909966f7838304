#include "tools/control/client.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <fcntl.h>
#include <sys/un.h>

namespace pier::control {

namespace asio = boost::asio;

namespace {

/// Role: the requests on their way. Shared with the channel's callbacks, which
/// may be queued when the client goes.
struct core : std::enable_shared_from_this<core> {
  explicit core(asio::io_context& loop) : io(loop) {}

  void hear(std::string_view line);
  void hung_up(const error& why);

  asio::io_context& io;
  std::shared_ptr<channel> line;
  std::map<uint64_t, client::answer> waiting;
  uint64_t last_id = 0;
  bool over = false;
  client* owner = nullptr;
};

void core::hear(std::string_view text) {
  auto said = decode_message(text);
  if (!said || !owner)
    return;
  if (said->news) {
    if (owner->on_event)
      owner->on_event(*said->news);
    return;
  }
  // Zero: the server speaks of the connection itself, and closes it.
  if (said->id == 0 && !said->answer)
    return hung_up(said->answer.error());
  auto found = waiting.find(said->id);
  if (found == waiting.end())
    return;
  auto done = std::move(found->second);
  waiting.erase(found);
  done(said->answer);
}

void core::hung_up(const error& why) {
  if (std::exchange(over, true))
    return;
  line->close();
  if (owner && owner->on_hang_up)
    owner->on_hang_up();
  for (auto& [id, done] : std::exchange(waiting, {}))
    done(why);
}

/// Over a Unix socket, in the control protocol.
class socket_client : public client {
public:
  explicit socket_client(asio::io_context& io, socket peer)
    : client(io), core_(std::make_shared<core>(io)) {
    core_->owner = this;
    core_->line = std::make_shared<channel>(
      std::move(peer), channel::limits{reply_limit, 4 * request_limit});
    core_->line->start(
      [weak = std::weak_ptr{core_}](std::string_view line) {
        if (auto me = weak.lock())
          me->hear(line);
      },
      [weak = std::weak_ptr{core_}](const error&) {
        if (auto me = weak.lock())
          me->hung_up({ec::stopped, "the supervisor has hung up"});
      });
  }

  ~socket_client() override {
    core_->owner = nullptr;
    core_->waiting.clear();
    core_->line->close();
  }

  void
  ask(request what, answer done, const std::vector<int>& descriptors) override {
    if (core_->over) {
      asio::post(core_->io, [done] {
        done(error{ec::stopped, "the supervisor has hung up"});
      });
      return;
    }
    what.id = ++core_->last_id;
    std::vector<net::fd> copies;
    for (auto each : descriptors)
      copies.emplace_back(::fcntl(each, F_DUPFD_CLOEXEC, 3));
    core_->waiting[what.id] = std::move(done);
    core_->line->send(encode(what), std::move(copies));
  }

  std::vector<net::fd> take_descriptors(size_t count) override {
    return core_->line->take_descriptors(count);
  }

private:
  std::shared_ptr<core> core_;
};

} // namespace

result<std::unique_ptr<client>>
client::connect(asio::io_context& io, const std::string& path) {
  channel::socket peer{io};
  boost::system::error_code why;
  if (path.size() < sizeof(sockaddr_un::sun_path))
    peer.connect(path, why);
  else
    why = asio::error::name_too_long;
  if (why) {
    auto missing = why == boost::system::errc::no_such_file_or_directory;
    return error{
      missing ? ec::no_such_port : from_errno(why.value()),
      "cannot speak to " + path + ": " + why.message()};
  }
  return std::unique_ptr<client>{
    std::make_unique<socket_client>(io, std::move(peer))};
}

std::unique_ptr<client> client::over(asio::io_context& io, socket peer) {
  return std::make_unique<socket_client>(io, std::move(peer));
}

result<json::value> client::call(request what, std::chrono::seconds patience) {
  std::optional<result<json::value>> said;
  // Shared: an answer that comes too late finds nobody.
  auto place = std::make_shared<decltype(said)*>(&said);
  ask(std::move(what), [place](const result<json::value>& what_came) {
    if (*place)
      **place = what_came;
  });
  asio::steady_timer deadline{io_, patience};
  deadline.async_wait([place](const auto& stopped) {
    if (!stopped && *place && !**place)
      **place = error{ec::timed_out, "the supervisor does not answer"};
  });
  io_.restart();
  while (!said && io_.run_one() > 0) {}
  *place = nullptr;
  if (!said)
    return error{ec::stopped, "the supervisor has hung up"};
  return std::move(*said);
}

} // namespace pier::control
