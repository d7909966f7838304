#include "tools/libpier/console_node.hpp"

#include "messages/wire.hpp"

#include <caf/all.hpp>
#include <caf/io/all.hpp>
#include <caf/io/basp_broker.hpp>

#include <limits>
#include <set>

namespace pier {

void allow_consoles(caf::actor_system_config& config) {
  config.load<caf::io::middleman>();
  // Its workers would read messages on our scheduler's thread, and the end of
  // the middleman, on that same thread, would wait for them.
  config.set("middleman.workers", size_t{0});
  add_wire_types(config);
}

void adopt_console(
  caf::actor_system& system, net::fd socket, const console_actor& console,
  uint64_t number) {
  auto& middleman = system.middleman();
  auto basp = middleman.named_broker<caf::io::basp_broker>(caf::atom("BASP"));
  // A port is how the handshake, which is written at once, finds its actor.
  auto port = static_cast<uint16_t>(
    1 + number % std::numeric_limits<uint16_t>::max());
  auto whom = caf::actor_cast<caf::strong_actor_ptr>(console);
  caf::anon_send(
    basp, caf::publish_atom::value,
    middleman.backend().new_scribe(socket.release()), port, whom,
    std::set<std::string>{});
  caf::anon_send(
    basp, caf::unpublish_atom::value, caf::actor_cast<caf::actor_addr>(whom),
    port);
}

} // namespace pier
