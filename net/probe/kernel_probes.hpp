#pragma once

/// The real probes.

#include "net/dns/upstream.hpp"
#include "net/probe/probes.hpp"

#include <boost/asio/io_context.hpp>

namespace pier::net {

class kernel_probes : public probes {
public:
  kernel_probes(boost::asio::io_context& io, upstream& resolvers)
    : io_(io), resolvers_(resolvers) {}

  result<host_way> way_to(const ip_address& to) override;
  std::unique_ptr<trial>
  dial(const endpoint& to, std::function<void(const error&)> done) override;
  std::unique_ptr<trial> resolve(
    const std::string& name, uint16_t type, const dns_course& how,
    std::function<void(const found_name&)> done) override;
  std::unique_ptr<trial> find(
    const std::string& name,
    std::function<void(const found_name&)> done) override;
  std::vector<endpoint> resolvers() const override {
    return resolvers_.servers();
  }
  std::string holder_of(const host_port& what) override;

private:
  boost::asio::io_context& io_;
  upstream& resolvers_;
};

} // namespace pier::net
