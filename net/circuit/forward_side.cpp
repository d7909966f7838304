#include "net/circuit/forward_side.hpp"

#include "net/relay/proxy_header.hpp"
#include "net/socket_address.hpp"

#include <sys/socket.h>

#include <utility>

namespace pier::net {

namespace {

std::string header_for(int connection, const std::string& path) {
  socket_address client;
  socket_address own;
  ::getpeername(connection, client.data(), &client.size);
  if (!path.empty())
    return unix_proxy_header(path_of(client), path);
  ::getsockname(connection, own.data(), &own.size);
  return proxy_header(protocol::tcp, from_kernel(client), from_kernel(own));
}

class forward_side : public near_side {
public:
  forward_side(circuit_surroundings around, fd connection, std::string path)
    : around_(around),
      connection_(std::move(connection)),
      path_(std::move(path)) {}
  ~forward_side() override {
    refuse(ec::failed);
  }

  void lead(const passage& how) override {
    how_ = how;
  }

  std::unique_ptr<circuit> become_circuit(circuit::sink events) override {
    flow_circuit_parts parts{
      around_.runtime.control(),
      around_.runtime.next_relay(),
      protocol::tcp,
      direction::inbound,
      around_.udp_idle,
      nullptr,
      [gate = &around_.gate, how = how_](family kind) {
        return !how.path.empty() ? unix_socket()
          : how.to_guest         ? gate->socket(kind, SOCK_STREAM)
                                 : spare_host_socket(*gate, kind, SOCK_STREAM);
      }};
    if (how_.proxy_header)
      parts.as.header = header_for(connection_.get(), path_);
    parts.path = how_.path;
    parts.from = make_client_caller(std::exchange(connection_, {}));
    return make_flow_circuit(std::move(parts), std::move(events));
  }

  void refuse(ec why) override {
    if (connection_)
      make_client_caller(std::exchange(connection_, {}))->refuse(why);
  }

private:
  circuit_surroundings around_;
  fd connection_;
  std::string path_;
  passage how_{true, {}, false};
};

} // namespace

std::unique_ptr<near_side> make_forward_side(
  circuit_surroundings around, fd connection, std::string path) {
  return std::make_unique<forward_side>(
    around, std::move(connection), std::move(path));
}

} // namespace pier::net
