#include "net/probe/kernel_probes.hpp"

#include "net/circuit/dialer.hpp"
#include "net/dns/anatomy.hpp"
#include "net/dns/own_answer.hpp"
#include "net/host_names.hpp"
#include "net/lifeline.hpp"
#include "net/port/holder.hpp"
#include "net/port/inet_diag.hpp"
#include "net/probe/way.hpp"

#include <sys/socket.h>

namespace pier::net {

namespace {

class dialing : public trial {
public:
  dialing(
    boost::asio::io_context& io, const endpoint& to,
    std::function<void(const error&)> done)
    : dialer_(io) {
    auto socket = host_socket(to.ip.kind(), SOCK_STREAM);
    if (!socket) {
      done(socket.error());
      return;
    }
    dialer_.dial(
      std::move(*socket), to, [done = std::move(done)](const result<fd>& how) {
        done(how ? error{ec::ok, {}} : how.error());
      });
  }

private:
  dialer dialer_;
};

class resolving : public trial {
public:
  resolving(
    upstream& resolvers, const std::vector<endpoint>& servers, dns_bytes query,
    std::function<void(const found_name&)> done)
    : ask_(resolvers.send(
      servers, std::move(query), false,
      [done = std::move(done)](const result<dns_bytes>& got) {
        done(read(got));
      })) {}

private:
  static found_name read(const result<dns_bytes>& got) {
    found_name out;
    if (!got) {
      out.why = got.error();
      return out;
    }
    out.code = static_cast<unsigned>(code_of(*got));
    if (auto parts = dissect(*got))
      out.addresses = std::move(parts->addresses);
    return out;
  }

  std::unique_ptr<upstream::ask> ask_;
};

class finding : public trial {
public:
  finding(
    boost::asio::io_context& io, const std::string& name,
    std::function<void(const found_name&)> done) {
    auto hear = [done = std::move(done)](result<std::vector<ip_address>> got) {
      found_name out;
      if (got)
        out.addresses = std::move(*got);
      else
        out.why = got.error();
      done(out);
    };
    find_addresses(io, name, life_.guard(std::move(hear)));
  }

private:
  lifeline life_;
};

} // namespace

result<host_way> kernel_probes::way_to(const ip_address& to) {
  return ask_way(to);
}

std::unique_ptr<trial> kernel_probes::dial(
  const endpoint& to, std::function<void(const error&)> done) {
  return std::make_unique<dialing>(io_, to, std::move(done));
}

std::unique_ptr<trial> kernel_probes::resolve(
  const std::string& name, uint16_t type, const dns_course& how,
  std::function<void(const found_name&)> done) {
  auto query = make_question(how.alias.empty() ? name : how.alias, type);
  if (query.empty()) {
    done(
      {{ec::bad_request, name + " is no name that can be asked for"}, 0, {}});
    return nullptr;
  }
  auto servers = how.servers ? *how.servers : resolvers_.servers();
  return std::make_unique<resolving>(
    resolvers_, servers, std::move(query), std::move(done));
}

std::unique_ptr<trial> kernel_probes::find(
  const std::string& name, std::function<void(const found_name&)> done) {
  return std::make_unique<finding>(io_, name, std::move(done));
}

std::string kernel_probes::holder_of(const host_port& what) {
  for (auto kind : {family::v4, family::v6}) {
    if (what.ip && what.ip->kind() != kind)
      continue;
    endpoint at{what.ip.value_or(ip_address::any(kind)), what.port};
    if (auto who = net::holder_of(what.proto, at); !who.empty())
      return who;
    for (const auto& each : list_bound(kind, what.proto))
      if (
        each.at.port == what.port
        && (each.at.ip.is_any() || !what.ip || each.at.ip == *what.ip))
        return " (held by a process that is not to be seen)";
  }
  return {};
}

} // namespace pier::net
