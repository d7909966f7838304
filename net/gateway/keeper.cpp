#include "net/gateway/keeper.hpp"

#include "net/gateway/direct_link.hpp"
#include "net/gateway/foundation.hpp"
#include "net/gateway/keeper_channel.hpp"
#include "net/gateway/renumbering.hpp"
#include "net/link/link_tap.hpp"

#include <fcntl.h>
#include <sched.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace pier::net {

namespace {

using descriptors = std::vector<fd>;

result<descriptors> found(const guest_network& net, bool& has_user_namespace) {
  auto out = make_namespaces();
  if (!out)
    return out;
  has_user_namespace = out->size() == 2;
  if (auto ok = lay_links(net); !ok)
    return ok.error();
  auto sockets = open_sockets(net);
  if (!sockets)
    return sockets.error();
  if (auto ok = lay_rules(net, *sockets); !ok)
    return ok.error();
  for (auto* each :
       {&sockets->listener4, &sockets->listener6, &sockets->udp4,
        &sockets->tcp4, &sockets->udp6, &sockets->tcp6, &sockets->queue,
        &sockets->icmp4, &sockets->icmp6})
    out->push_back(std::move(*each));
  return out;
}

result<descriptors> enter(const descriptors& namespaces) {
  // The user namespace first: it holds the right to enter the other.
  for (auto i = namespaces.rbegin(); i != namespaces.rend(); ++i)
    if (::setns(i->get(), 0) != 0)
      return error{
        from_errno(errno),
        std::string{"a new keeper cannot enter the gateway: "}
          + std::strerror(errno)};
  return descriptors{};
}

result<descriptors> make_sockets(const keeper_request& what) {
  descriptors out;
  auto count = std::min<size_t>(what.count, most_descriptors);
  while (out.size() < count) {
    auto made = open_transparent(what.kind, what.type);
    if (!made)
      return out.empty() ? result<descriptors>{made.error()}
                         : result<descriptors>{std::move(out)};
    out.push_back(std::move(*made));
  }
  return out;
}

result<descriptors> plug(const keeper_request& what, const descriptors& fds) {
  if (fds.size() != 1)
    return error{ec::bad_request, "no network namespace to plug in"};
  fd home{::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC)};
  auto eyes = plug_guest(what.net, what.at, fds[0].get(), home.get());
  if (!eyes)
    return eyes.error();
  descriptors out;
  out.push_back(std::move(eyes->diag));
  if (eyes->destroy)
    out.push_back(std::move(eyes->destroy));
  return out;
}

result<descriptors> move(const keeper_request& what, const descriptors& fds) {
  if (fds.size() != 1)
    return error{ec::bad_request, "no network namespace to move in"};
  fd home{::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC)};
  if (auto ok = move_guest(what.net, what.at, fds[0].get(), home.get()); !ok)
    return ok.error();
  return descriptors{};
}

result<descriptors> expose(const keeper_request& what, const descriptors& fds) {
  if (fds.size() != 1)
    return error{ec::bad_request, "no network namespace to lead in from"};
  fd home{::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC)};
  auto ok = lay_direct_link(
    what.net, what.at, what.link.data(), fds[0].get(), home.get());
  return ok ? result<descriptors>{descriptors{}} : ok.error();
}

result<descriptors> withdraw() {
  auto ok = remove_direct_link();
  return ok ? result<descriptors>{descriptors{}} : ok.error();
}

result<descriptors> tap(const keeper_request& what) {
  auto made = open_link_tap(what.at);
  if (!made)
    return made.error();
  descriptors out;
  out.push_back(std::move(*made));
  return out;
}

result<descriptors> serve(
  const keeper_request& what, const descriptors& fds,
  bool& has_user_namespace) {
  switch (what.verb) {
    case keeper_verb::found:
      return found(what.net, has_user_namespace);
    case keeper_verb::enter:
      return enter(fds);
    case keeper_verb::sockets:
      return make_sockets(what);
    case keeper_verb::plug:
      return plug(what, fds);
    case keeper_verb::move:
      return move(what, fds);
    case keeper_verb::renumber:
      return renumber_gateway(what.was, what.net);
    case keeper_verb::unplug:
      if (auto ok = unplug_guest(what.at); !ok)
        return ok.error();
      return descriptors{};
    case keeper_verb::expose:
      return expose(what, fds);
    case keeper_verb::withdraw:
      return withdraw();
    case keeper_verb::tap:
      return tap(what);
  }
  return error{ec::bad_request, "the keeper does not know this request"};
}

} // namespace

int run_keeper(int channel) {
  std::signal(SIGPIPE, SIG_IGN);
  for (;;) {
    keeper_request what;
    descriptors fds;
    auto size = receive_parcel(channel, &what, sizeof(what), fds);
    if (size != sizeof(what))
      return 0; // The main process is gone, or speaks another language.
    auto has_user_namespace = false;
    auto done = serve(what, fds, has_user_namespace);
    keeper_reply reply;
    reply.id = what.id;
    reply.has_user_namespace = has_user_namespace ? 1 : 0;
    std::vector<int> numbers;
    if (done) {
      for (const auto& each : *done)
        numbers.push_back(each.get());
    } else {
      reply.code = done.error().code;
      const auto& text = done.error().text;
      text.copy(reply.text.data(), reply.text.size() - 1);
    }
    if (!send_parcel(channel, reply, numbers))
      return 0;
  }
}

} // namespace pier::net
