#include "net/proxy/gss_dialogue.hpp"

#include "net/workers.hpp"

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>

#include <utility>

namespace pier::net {

namespace {

// 1.3.6.1.5.5.2
constexpr std::string_view spnego_words = "\x2b\x06\x01\x05\x05\x02";
// 1.3.6.1.4.1.311.2.2.10
constexpr std::string_view ntlm_words = "\x2b\x06\x01\x04\x01\x82\x37\x02\x02"
                                        "\x0a";

gss_OID_desc oid_of(gss_scheme by) {
  auto words = by == gss_scheme::negotiate ? spnego_words : ntlm_words;
  // GSSAPI takes no const, and changes nothing.
  return {
    static_cast<OM_uint32>(words.size()),
    const_cast<char*>(words.data())}; // NOLINT
}

gss_buffer_desc buffer_of(const std::string& text) {
  return {text.size(), const_cast<char*>(text.data())}; // NOLINT
}

std::string taken(gss_buffer_desc& what) {
  std::string out(static_cast<const char*>(what.value), what.length);
  OM_uint32 minor = 0;
  ::gss_release_buffer(&minor, &what);
  return out;
}

std::string words_of(OM_uint32 code, int kind, gss_OID by) {
  OM_uint32 minor = 0;
  OM_uint32 more = 0;
  gss_buffer_desc text{};
  if (
    code == 0
    || GSS_ERROR(::gss_display_status(&minor, code, kind, by, &more, &text)))
    return {};
  return taken(text);
}

error refusal(OM_uint32 major, OM_uint32 minor, gss_OID by) {
  auto general = words_of(major, GSS_C_GSS_CODE, by);
  auto special = words_of(minor, GSS_C_MECH_CODE, by);
  return {
    ec::permission_denied,
    special.empty() || special == general ? general : general + ": " + special};
}

} // namespace

struct gss_dialogue::context {
  gss_scheme by;
  std::string host;
  secret user;
  secret password;
  gss_ctx_id_t handle = GSS_C_NO_CONTEXT;
  gss_cred_id_t credentials = GSS_C_NO_CREDENTIAL;
  gss_name_t service = GSS_C_NO_NAME;

  context(gss_scheme scheme, const upstream_proxy& with)
    : by(scheme), host(with.host), user(with.user), password(with.password) {}
  context(const context&) = delete;
  context& operator=(const context&) = delete;

  ~context() {
    OM_uint32 minor = 0;
    ::gss_delete_sec_context(&minor, &handle, GSS_C_NO_BUFFER);
    ::gss_release_cred(&minor, &credentials);
    ::gss_release_name(&minor, &service);
  }

  result<void> prepare(gss_OID mechanism) {
    OM_uint32 minor = 0;
    auto text = "HTTP@" + host;
    auto name = buffer_of(text);
    auto major = ::gss_import_name(
      &minor, &name, GSS_C_NT_HOSTBASED_SERVICE, &service);
    if (GSS_ERROR(major))
      return refusal(major, minor, mechanism);
    if (user.empty())
      return {};
    gss_name_t who = GSS_C_NO_NAME;
    auto user_name = buffer_of(user.reveal());
    auto word = buffer_of(password.reveal());
    gss_OID_set_desc wanted{1, mechanism};
    major = ::gss_import_name(&minor, &user_name, GSS_C_NT_USER_NAME, &who);
    if (!GSS_ERROR(major))
      major = gss_acquire_cred_with_password(
        &minor, who, &word, GSS_C_INDEFINITE, &wanted, GSS_C_INITIATE,
        &credentials, nullptr, nullptr);
    auto why = GSS_ERROR(major) ? refusal(major, minor, mechanism) : error{};
    OM_uint32 ignored = 0;
    ::gss_release_name(&ignored, &who);
    if (GSS_ERROR(major))
      return why;
    return {};
  }

  result<std::string> step(const std::string& token) {
    auto mechanism = oid_of(by);
    if (service == GSS_C_NO_NAME)
      if (auto ready = prepare(&mechanism); !ready)
        return ready.error();
    OM_uint32 minor = 0;
    auto in = buffer_of(token);
    gss_buffer_desc out{};
    auto major = ::gss_init_sec_context(
      &minor, credentials, &handle, service, &mechanism, 0, 0,
      GSS_C_NO_CHANNEL_BINDINGS, token.empty() ? GSS_C_NO_BUFFER : &in, nullptr,
      &out, nullptr, nullptr);
    auto said = taken(out);
    if (GSS_ERROR(major))
      return refusal(major, minor, &mechanism);
    return said;
  }
};

gss_dialogue::gss_dialogue(
  boost::asio::io_context& io, gss_scheme by, const upstream_proxy& with)
  : io_(io), context_(std::make_shared<context>(by, with)) {}

void gss_dialogue::step(std::string token, taker said) {
  ++steps_;
  auto answer = std::make_shared<result<std::string>>(std::string{});
  auto will = workers::of(io_).run(
    [of = context_, answer, token = std::move(token)] {
      *answer = of->step(token);
    },
    life_.guard([answer, said] { said(std::move(*answer)); }));
  if (!will)
    said(error{ec::exhausted, "too many lookups have not ended yet"});
}

} // namespace pier::net
