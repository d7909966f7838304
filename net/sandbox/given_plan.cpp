#include "net/sandbox/given_plan.hpp"

#include "net/sandbox/refusal.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

namespace pier::net::box {

namespace {

/// The memory, in, out, err and the agent.
constexpr size_t always = 5;

bool is_socket(int descriptor) {
  struct stat about {};
  return ::fstat(descriptor, &about) == 0 && S_ISSOCK(about.st_mode);
}

} // namespace

result<void> send_plan(int channel, int memory, const sandbox_plan& from) {
  fd null{::open("/dev/null", O_RDWR | O_CLOEXEC)};
  if (!null)
    return refusal(errno, "/dev/null");
  auto or_null = [&null](const fd& one) {
    return one ? one.get() : null.get();
  };
  int in = or_null(from.in);
  int out = or_null(from.out);
  int err = or_null(from.err);
  int agent = or_null(from.agent);
  saying said{word::plan, 0, ec::ok, {}};
  if (from.user_namespace >= 0)
    return send(
      channel, said, {memory, in, out, err, agent, from.user_namespace});
  return send(channel, said, {memory, in, out, err, agent});
}

result<given_plan> take_plan(parcel& from) {
  auto& all = from.descriptors;
  if (
    from.said.what != word::plan || all.size() < always
    || all.size() > always + 1)
    return error{ec::bad_request, "the channel does not begin with a plan"};
  auto read = unseal(all[0].get());
  if (!read)
    return read.error();
  given_plan out;
  out.what = std::move(*read);
  out.process.in = std::move(all[1]);
  out.process.out = std::move(all[2]);
  out.process.err = std::move(all[3]);
  if (is_socket(all[4].get()))
    out.process.agent = std::move(all[4]);
  if (all.size() > always)
    out.user_namespace = std::move(all[always]);
  return out;
}

} // namespace pier::net::box
