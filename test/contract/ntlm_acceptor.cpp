/// What squid asks whether an NTLM login is right (its helper protocol: a line
/// with YR or KK and a token, answered by TT and a token, AF and a name, or NA
/// and a reason): gss-ntlmssp, which knows the logins in NTLM_USER_FILE.

#include "net/base64.hpp"

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>

#include <iostream>
#include <string>

using namespace pier;

namespace {

char ntlm_words[] = "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a";

class acceptor {
public:
  acceptor() {
    gss_OID_desc ntlm{sizeof(ntlm_words) - 1, ntlm_words};
    gss_OID_set_desc all{1, &ntlm};
    OM_uint32 minor = 0;
    ::gss_acquire_cred(
      &minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &all, GSS_C_ACCEPT,
      &credentials_, nullptr, nullptr);
  }
  acceptor(const acceptor&) = delete;
  acceptor& operator=(const acceptor&) = delete;
  ~acceptor() {
    OM_uint32 minor = 0;
    ::gss_release_cred(&minor, &credentials_);
    forget();
  }

  std::string answer(const std::string& line) {
    if (line.starts_with("YR"))
      forget();
    auto token = line.size() > 3
      ? net::from_base64(std::string_view{line}.substr(3))
      : std::string{};
    if (!token)
      return "NA no base64";
    gss_buffer_desc in{token->size(), token->data()};
    gss_buffer_desc out{};
    gss_name_t who = GSS_C_NO_NAME;
    OM_uint32 minor = 0;
    auto major = ::gss_accept_sec_context(
      &minor, &context_, credentials_, &in, GSS_C_NO_CHANNEL_BINDINGS, &who,
      nullptr, &out, nullptr, nullptr, nullptr);
    auto name = text_of(who);
    std::string said(static_cast<char*>(out.value), out.length);
    ::gss_release_buffer(&minor, &out);
    if (major == GSS_S_COMPLETE)
      return "AF " + name;
    return GSS_ERROR(major) ? "NA wrong" : "TT " + net::to_base64(said);
  }

private:
  static std::string text_of(gss_name_t who) {
    OM_uint32 minor = 0;
    gss_buffer_desc text{};
    if (who == GSS_C_NO_NAME)
      return {};
    ::gss_display_name(&minor, who, &text, nullptr);
    // This mechanism counts the zero behind it, which ends a line for squid.
    std::string out{static_cast<char*>(text.value)};
    ::gss_release_buffer(&minor, &text);
    ::gss_release_name(&minor, &who);
    return out;
  }

  void forget() {
    OM_uint32 minor = 0;
    ::gss_delete_sec_context(&minor, &context_, GSS_C_NO_BUFFER);
  }

  gss_cred_id_t credentials_ = GSS_C_NO_CREDENTIAL;
  gss_ctx_id_t context_ = GSS_C_NO_CONTEXT;
};

} // namespace

int main() {
  acceptor one;
  for (std::string line; std::getline(std::cin, line);)
    std::cout << one.answer(line) << std::endl;
}
