#include "net/http/http_talk.hpp"
#include "net/http/led_talk.hpp"
#include "net/kernel_network.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <filesystem>

namespace pier::net {

namespace {

/// Each has a process of its own; one that is not asked any more ends when
/// others are.
constexpr size_t most_scripts = 8;

} // namespace

std::unique_ptr<proxy_talk> kernel_network::claim_proxied(
  ticket number, proxy_client who, proxy_talk::sink events) {
  auto side = lobby_.leave(number);
  auto from = side ? side->become_caller() : nullptr;
  if (!from)
    return nullptr;
  proxy_talk_parts parts{
    runtime_,
    http_,
    std::move(from),
    {runtime_.control(),
     [this](family kind, bool to_guest) {
       return to_guest ? gateway_.socket(kind, SOCK_STREAM)
                       : spare_host_socket(gateway_, kind, SOCK_STREAM);
     },
     logins_}};
  return who == proxy_client::knowing
    ? make_http_talk(std::move(parts), std::move(events))
    : make_led_talk(std::move(parts), std::move(events));
}

void kernel_network::ask_script(
  const proxy_terms& of, const script_question& what,
  std::function<void(const std::vector<proxy_choice>&)> said) {
  pac_origin from{of.pac, of.embedded_pac};
  auto found = std::find_if(
    scripts_.begin(), scripts_.end(),
    [&](const auto& each) { return each.first == from; });
  if (found != scripts_.end()) {
    scripts_.splice(scripts_.begin(), scripts_, found);
  } else {
    auto program = std::filesystem::path{keeper_}.replace_filename("pier-pac");
    scripts_.emplace_front(
      from,
      std::make_unique<pac>(
        runtime_.control(), program.string(),
        [this](family kind) {
          return spare_host_socket(gateway_, kind, SOCK_STREAM);
        },
        from));
    if (scripts_.size() > most_scripts)
      scripts_.pop_back();
  }
  scripts_.front().second->ask(
    {!what.is_http, what.host, what.port}, std::move(said));
}

} // namespace pier::net
