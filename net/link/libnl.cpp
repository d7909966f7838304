#include "net/link/libnl.hpp"

#include <array>
#include <cstring>

namespace pier::net {

namespace {

/// libnl's errors, where they have a twin among those of the kernel.
ec code_of(int number) {
  switch (-number) {
    case NLE_PERM:
    case NLE_NOACCESS:
      return ec::permission_denied;
    case NLE_OPNOTSUPP:
    case NLE_PROTO_MISMATCH:
      return ec::not_supported;
    case NLE_NOMEM:
      return ec::exhausted;
    default:
      return ec::failed;
  }
}

} // namespace

result<void> check(int number, const std::string& what) {
  if (number >= 0)
    return {};
  return error{code_of(number), what + ": " + nl_geterror(number)};
}

nladdr_ptr to_nl(const ip_address& ip, unsigned bits) {
  auto size = ip.is_v4() ? 4U : 16U;
  nladdr_ptr out{nl_addr_build(domain_of(ip.kind()), ip.bytes().data(), size)};
  nl_addr_set_prefixlen(out.get(), static_cast<int>(bits));
  return out;
}

ip_address from_nl(nl_addr* from) {
  std::array<uint8_t, 16> bytes{};
  if (from == nullptr || nl_addr_get_len(from) > bytes.size())
    return {};
  std::memcpy(
    bytes.data(), nl_addr_get_binary_addr(from), nl_addr_get_len(from));
  if (nl_addr_get_family(from) == AF_INET6)
    return ip_address::v6(bytes);
  return ip_address::v4({bytes[0], bytes[1], bytes[2], bytes[3]});
}

} // namespace pier::net
