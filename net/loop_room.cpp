#include "net/loop_room.hpp"

namespace pier::net {

boost::asio::execution_context::id loop_room::id;

loop_room& loop_room::of(boost::asio::io_context& io) {
  return boost::asio::use_service<loop_room>(io);
}

loop_room::loop_room(boost::asio::execution_context& io)
  : service(io),
    bytes_(std::make_unique_for_overwrite<char[]>(piece_size * pieces)) {}

void loop_room::shutdown() {}

} // namespace pier::net
