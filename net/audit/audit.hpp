#pragma once

/// What the kernel has of ours against what is known here. Pure: whatever is to
/// be known is in the subject, whose parts are read elsewhere.
///
/// Who keeps a descriptor for long claims it (net/audit/ledger). What comes and
/// goes by the thousand is known by its face: a socket by its addresses, of
/// which one is a guest's, a published port's, or in the flows that the actors
/// know. What stood there before anything was asked of us is the program's own,
/// and so is what only an event loop has. The rest is nobody's.

#include "messages/audit.hpp"
#include "messages/container.hpp"
#include "messages/flow_info.hpp"
#include "messages/forward.hpp"
#include "net/audit/descriptor.hpp"
#include "net/audit/ledger.hpp"
#include "net/audit/namespace_tables.hpp"
#include "net/audit/processes.hpp"
#include "net/gateway/address_plan.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace pier::net {

/// A container as an audit knows it.
struct audited_guest {
  std::string name;
  lease at;
  std::string link;
  /// Of its command; 0: none runs.
  int pid = 0;
  std::vector<std::pair<port_spec, std::vector<bound_port>>> ports;
};

struct audit_subject {
  // What the kernel shows.
  std::vector<descriptor> own;
  std::vector<process> processes;
  std::map<int, std::vector<descriptor>> of_children;
  std::vector<open_socket> in_gateway;
  std::vector<std::string> links;
  int self = 0;
  /// 0: none lives.
  int keeper = 0;
  uint64_t gateway_network = 0;

  // What is known.
  ledger claims;
  /// Descriptors that were there before anything was asked of us, by where they
  /// lead.
  std::map<int, std::string> since_start;
  std::vector<audited_guest> guests;
  std::vector<listen_address> forwards;
  std::vector<flow_info> flows;
  std::vector<endpoint> name_servers;
  guest_network net;
  audit_marks marks;
};

/// Everything, faults too.
std::vector<audit_row> reckon(const audit_subject& of);

/// Parts of it. The owner of one of this process's descriptors; empty: it is
/// nobody's.
std::string owner_of(const audit_subject& of, const descriptor& which);
void reckon_processes(const audit_subject& of, std::vector<audit_row>& to);

} // namespace pier::net
