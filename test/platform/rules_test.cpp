/// The gateway's rules, as nft itself reads them. A kernel that lacks a part of
/// them takes another form, so that a form which nft cannot read at all would
/// never be missed: it would be passed over in silence, everywhere.

#include "net/gateway/rules.hpp"
#include "test/platform/scenery.hpp"

#include <nftables/libnftables.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>

using namespace pier;
using namespace pier::platform;

namespace {

/// Whether all that is wrong is that this kernel has not every part.
bool is_lack(const std::string& said) {
  constexpr auto error = "Error: ";
  constexpr auto lack = "Error: Could not process rule: ";
  for (auto at = said.find(error); at != std::string::npos;
       at = said.find(error, at + 1)) {
    if (said.compare(at, std::strlen(lack), lack) != 0)
      return false;
    auto why = said.substr(at + std::strlen(lack));
    if (
      !why.starts_with(std::strerror(ENOENT))
      && !why.starts_with(std::strerror(EOPNOTSUPP)))
      return false;
  }
  return true;
}

/// What nft has against them, and then the kernel, which obeys none.
std::string complaint(const std::string& rules) {
  std::unique_ptr<nft_ctx, decltype(&nft_ctx_free)> context{
    nft_ctx_new(NFT_CTX_DEFAULT), &nft_ctx_free};
  nft_ctx_set_dry_run(context.get(), true);
  nft_ctx_buffer_error(context.get());
  auto status = nft_run_cmd_from_buffer(context.get(), rules.c_str());
  std::string said = nft_ctx_get_error_buffer(context.get());
  if (status == 0)
    return said;
  if (!is_lack(said))
    return "refused: " + said;
  WARN("read, but not by this kernel: " << said.substr(0, said.find('\n')));
  return {};
}

net::guest_network network() {
  return net::plan_network({});
}

} // namespace

TEST_CASE("nft reads the gate's rules") {
  NEEDS_A_NETWORK();
  CHECK_THAT(
    complaint(net::gate_rules(network(), 40001, 40002)), Catch::Equals(""));
}

TEST_CASE("nft reads the queue's rules, with a pace and without") {
  NEEDS_A_NETWORK();
  auto paced = GENERATE(true, false);
  auto text = net::gate_rules(network(), 40001, 40002)
    + net::queue_rules(paced);
  CHECK_THAT(complaint(text), Catch::Equals(""));
}

TEST_CASE("nft reads the addresses of another network") {
  NEEDS_A_NETWORK();
  auto text = net::gate_rules(network(), 40001, 40002)
    + net::renumber_rules(network());
  CHECK_THAT(complaint(text), Catch::Equals(""));
}

TEST_CASE("nft reads a link's guard, whichever addresses the guest has") {
  NEEDS_A_NETWORK();
  auto both = net::address_plan{network()}.take();
  REQUIRE(both.has_value());
  auto at = *both;
  SECTION("both families") {}
  SECTION("IPv4 alone") {
    at.v6 = {};
  }
  SECTION("IPv6 alone") {
    at.v4 = {};
  }
  CHECK_THAT(complaint(net::link_guard("lo", at)), Catch::Equals(""));
  CHECK_THAT(
    complaint(net::link_guard("lo", *both) + net::renumber_guard("lo", at)),
    Catch::Equals(""));
}
