#include "net/pac/script_process.hpp"

#include "net/host_names.hpp"
#include "net/pac/own_address.hpp"
#include "net/spawn.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace pier::net {

namespace {

/// What a script may look up for one question: a name costs others' time, too.
constexpr int most_names = 32;

result<fd> in_memory(const std::string& script) {
  fd out{::memfd_create("pier-pac", MFD_CLOEXEC)};
  size_t at = 0;
  while (out && at < script.size()) {
    auto count = ::write(out.get(), script.data() + at, script.size() - at);
    if (count <= 0 && errno != EINTR)
      break;
    at += count > 0 ? static_cast<size_t>(count) : 0;
  }
  if (at < script.size() || !out)
    return error{
      ec::exhausted,
      std::string{"no memory for the PAC script: "} + std::strerror(errno)};
  return out;
}

} // namespace

result<std::unique_ptr<script_process>> script_process::start(
  boost::asio::io_context& io, const std::string& program,
  const std::string& script, sink heard) {
  auto text = in_memory(script);
  if (!text)
    return text.error();
  std::array<int, 2> ends{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
    return error{
      from_errno(errno),
      std::string{"no channel for the PAC script: "} + std::strerror(errno)};
  fd ours{ends[0]};
  fd theirs{ends[1]};
  ::fcntl(ours.get(), F_SETFL, O_NONBLOCK);
  auto pid = spawn({program, {"pier-pac"}, {theirs.get(), text->get()}});
  if (!pid)
    return pid.error();
  std::unique_ptr<script_process> out{
    new script_process(io, *pid, std::move(ours), std::move(heard))};
  out->say({pac_word::self, to_string(own_address())});
  out->await();
  return out;
}

script_process::script_process(
  boost::asio::io_context& io, pid_t pid, fd channel, sink heard)
  : io_(io),
    pid_(pid),
    channel_(std::move(channel)),
    heard_(std::move(heard)) {}

script_process::~script_process() {
  readiness::of(io_).part(channel_.get());
  end_process(pid_);
}

void script_process::ask(const std::string& url, const std::string& host) {
  names_ = 0;
  say({pac_word::question, url + "\n" + host});
}

/// It never has more than one thing to read, so that there is room; where it
/// is dead, that is heard from the other direction.
void script_process::say(const pac_saying& what) {
  auto bytes = to_wire(what);
  ::send(channel_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

void script_process::await() {
  wait_ = readiness::of(io_).await(
    channel_.get(), readiness::want::read, [this](bool) { hear(); });
}

void script_process::hear() {
  std::array<char, max_pac_saying> bytes{};
  auto size = ::recv(channel_.get(), bytes.data(), bytes.size(), MSG_TRUNC);
  if (size < 0 && (errno == EAGAIN || errno == EINTR))
    return await();
  std::optional<pac_saying> said;
  if (size > 0 && static_cast<size_t>(size) <= bytes.size())
    said = read_pac_saying({bytes.data(), static_cast<size_t>(size)});
  auto is_its = said
    && (said->what == pac_word::ready || said->what == pac_word::answer
        || said->what == pac_word::failure || said->what == pac_word::name);
  if (!is_its)
    return heard_(std::nullopt);
  await();
  if (said->what == pac_word::name)
    return look_up(said->text);
  heard_(std::move(said));
}

void script_process::look_up(const std::string& name) {
  constexpr size_t longest_name = 253;
  if (
    ++names_ > most_names || name.size() > longest_name
    || std::strlen(name.c_str()) != name.size())
    return say({pac_word::addresses, {}});
  find_addresses(
    io_, name, life_.guard([this](const result<std::vector<ip_address>>& all) {
      std::string text;
      if (all)
        for (const auto& each : *all)
          text += (text.empty() ? "" : " ") + to_string(each);
      say({pac_word::addresses, text});
    }));
}

} // namespace pier::net
