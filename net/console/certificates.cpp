#include "net/console/certificates.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <array>
#include <memory>

namespace pier::net {

namespace {

template <auto Free>
struct freeing {
  template <class T>
  void operator()(T* what) const {
    Free(what);
  }
};

using key_ptr = std::unique_ptr<EVP_PKEY, freeing<EVP_PKEY_free>>;
using certificate_ptr = std::unique_ptr<X509, freeing<X509_free>>;
using bio_ptr = std::unique_ptr<BIO, freeing<BIO_free_all>>;
using extension_ptr = std::unique_ptr<
  X509_EXTENSION, freeing<X509_EXTENSION_free>>;

constexpr long ten_years = 10L * 365 * 24 * 3600;
/// Clocks differ.
constexpr long an_hour_ago = -3600;

error failed(const std::string& what) {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  return {ec::failed, "cannot " + what + ": " + text.data()};
}

std::string text_of(BIO* from) {
  char* data = nullptr;
  auto size = BIO_get_mem_data(from, &data);
  return {data, static_cast<size_t>(size)};
}

bio_ptr bio_of(std::string_view text) {
  return bio_ptr{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
}

certificate_ptr read_certificate(const std::string& text) {
  return certificate_ptr{
    PEM_read_bio_X509(bio_of(text).get(), nullptr, nullptr, nullptr)};
}

key_ptr read_key(const std::string& text) {
  return key_ptr{
    PEM_read_bio_PrivateKey(bio_of(text).get(), nullptr, nullptr, nullptr)};
}

bool name_it(X509* one, std::string_view name) {
  auto* subject = X509_get_subject_name(one);
  return X509_NAME_add_entry_by_txt(
           subject, "CN", MBSTRING_UTF8,
           reinterpret_cast<const unsigned char*>(name.data()),
           static_cast<int>(name.size()), -1, 0)
    == 1;
}

bool extend(X509* one, X509* issuer, int what, const char* value) {
  X509V3_CTX context{};
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, one, nullptr, nullptr, 0);
  extension_ptr made{X509V3_EXT_conf_nid(nullptr, &context, what, value)};
  return made && X509_add_ext(one, made.get(), -1) == 1;
}

/// What all have in common; its issuer and purpose are still open.
certificate_ptr begin(std::string_view name, EVP_PKEY* key) {
  certificate_ptr one{X509_new()};
  std::array<unsigned char, 16> serial{};
  auto random = RAND_bytes(serial.data(), static_cast<int>(serial.size())) == 1;
  // A serial number is positive.
  serial[0] &= 0x7f;
  std::unique_ptr<BIGNUM, freeing<BN_free>> number{
    BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr)};
  auto good = one && random && number && X509_set_version(one.get(), 2) == 1
    && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(one.get()))
    && X509_gmtime_adj(X509_getm_notBefore(one.get()), an_hour_ago)
    && X509_gmtime_adj(X509_getm_notAfter(one.get()), ten_years)
    && X509_set_pubkey(one.get(), key) == 1 && name_it(one.get(), name);
  return good ? std::move(one) : nullptr;
}

result<credentials> written(X509* one, EVP_PKEY* key) {
  bio_ptr certificate{BIO_new(BIO_s_mem())};
  bio_ptr secret{BIO_new(BIO_s_mem())};
  if (
    !certificate || !secret || PEM_write_bio_X509(certificate.get(), one) != 1
    || PEM_write_bio_PrivateKey(
         secret.get(), key, nullptr, nullptr, 0, nullptr, nullptr)
      != 1)
    return failed("write a certificate");
  return credentials{text_of(certificate.get()), text_of(secret.get())};
}

} // namespace

result<credentials> make_authority() {
  key_ptr key{EVP_EC_gen("P-256")};
  auto one = key ? begin("Pier consoles", key.get()) : nullptr;
  auto good = one
    && X509_set_issuer_name(one.get(), X509_get_subject_name(one.get())) == 1
    && extend(one.get(), one.get(), NID_basic_constraints,
              "critical,CA:TRUE,pathlen:0")
    && extend(one.get(), one.get(), NID_key_usage, "critical,keyCertSign")
    && X509_sign(one.get(), key.get(), EVP_sha256()) > 0;
  return good ? written(one.get(), key.get())
              : failed("make an authority for consoles");
}

result<credentials>
issue(const credentials& authority, std::string_view name, role what) {
  auto issuer = read_certificate(authority.certificate);
  auto signing = read_key(authority.key);
  key_ptr key{EVP_EC_gen("P-256")};
  auto one = key ? begin(name, key.get()) : nullptr;
  auto is_daemon = what == role::daemon;
  auto good = issuer && signing && one
    && X509_set_issuer_name(one.get(), X509_get_subject_name(issuer.get())) == 1
    && extend(one.get(), issuer.get(), NID_basic_constraints,
              "critical,CA:FALSE")
    && extend(one.get(), issuer.get(), NID_key_usage,
              "critical,digitalSignature")
    && extend(one.get(), issuer.get(), NID_ext_key_usage,
              is_daemon ? "serverAuth" : "clientAuth")
    && (!is_daemon
        || extend(one.get(), issuer.get(), NID_subject_alt_name, "DNS:pierd"))
    && X509_sign(one.get(), signing.get(), EVP_sha256()) > 0;
  return good ? written(one.get(), key.get()) : failed("issue a certificate");
}

result<std::string> fingerprint(const std::string& certificate) {
  auto one = read_certificate(certificate);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (!one || X509_digest(one.get(), EVP_sha256(), digest.data(), &size) != 1)
    return failed("read a certificate");
  std::string out;
  for (unsigned i = 0; i < size; ++i) {
    constexpr auto digits = "0123456789abcdef";
    out += digits[digest[i] >> 4];
    out += digits[digest[i] & 15];
  }
  return out;
}

std::string to_text(const bundle& of) {
  return of.authority + of.client.certificate + of.client.key;
}

result<bundle> read_bundle(std::string_view text) {
  auto take = [&text](std::string_view kind) {
    auto front = "-----BEGIN " + std::string{kind} + "-----\n";
    auto back = "-----END " + std::string{kind} + "-----\n";
    auto from = text.find(front);
    auto to = text.find(back, from);
    if (from == text.npos || to == text.npos)
      return std::string{};
    std::string out{text.substr(from, to + back.size() - from)};
    text.remove_prefix(to + back.size());
    return out;
  };
  bundle out;
  out.authority = take("CERTIFICATE");
  out.client.certificate = take("CERTIFICATE");
  out.client.key = take("PRIVATE KEY");
  if (out.client.key.empty())
    return error{
      ec::bad_request,
      "this is no bundle of \"pier console add-client\": it wants two "
      "certificates and a key"};
  return out;
}

} // namespace pier::net
