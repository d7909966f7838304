#include "net/proxy/authentication.hpp"

#include "net/base64.hpp"
#include "net/proxy/digest.hpp"

#include <boost/beast/core/string.hpp>

#include <openssl/rand.h>

#include <algorithm>

namespace pier::net {

namespace {

constexpr size_t most_entries = 64;
/// 407s until one has been taken: four schemes with a few steps each.
constexpr int most_rounds = 12;

constexpr std::array schemes{
  login_scheme::negotiate, login_scheme::ntlm, login_scheme::digest,
  login_scheme::basic};

std::string_view word_of(login_scheme by) {
  switch (by) {
    case login_scheme::negotiate:
      return "Negotiate";
    case login_scheme::ntlm:
      return "NTLM";
    case login_scheme::digest:
      return "Digest";
    case login_scheme::basic:
      return "Basic";
    case login_scheme::last:
      break;
  }
  return "unknown";
}

bool is_same(std::string_view one, std::string_view two) {
  return boost::beast::iequals(
    {one.data(), one.size()}, {two.data(), two.size()});
}

const challenge* find(const std::vector<challenge>& all, login_scheme by) {
  for (const auto& each : all)
    if (is_same(each.scheme, word_of(by)))
      return &each;
  return nullptr;
}

std::string random_text() {
  std::string bytes(18, '\0');
  ::RAND_bytes(
    reinterpret_cast<unsigned char*>(bytes.data()),
    static_cast<int>(bytes.size()));
  return to_base64(bytes);
}

bool is_dialogue(login_scheme by) {
  return by == login_scheme::negotiate || by == login_scheme::ntlm;
}

} // namespace

login_memory::entry* login_memory::find(const upstream_proxy& of) {
  for (auto& [each, what] : entries_)
    if (each == of)
      return &what;
  return nullptr;
}

void login_memory::keep(const upstream_proxy& of, entry what) {
  forget(of);
  if (entries_.size() == most_entries)
    entries_.erase(entries_.begin());
  entries_.emplace_back(of, std::move(what));
}

void login_memory::forget(const upstream_proxy& of) {
  std::erase_if(entries_, [&](const auto& each) { return each.first == of; });
}

authentication::authentication(
  boost::asio::io_context& io, upstream_proxy to,
  std::shared_ptr<login_memory> past)
  : io_(io),
    to_(std::move(to)),
    past_(past ? std::move(past) : std::make_shared<login_memory>()) {}

void authentication::begin(
  const std::string& method, const std::string& target, taker said) {
  // A connection that a dialogue has vouched for needs no more words.
  if (taken_ && by_ && is_dialogue(*by_))
    return said(std::string{});
  if (!by_) {
    const auto* known = past_->find(to_);
    if (known == nullptr || !known->by)
      return said(std::string{});
    by_memory_ = true;
    by_ = known->by;
    digest_ = known->digest;
  }
  say(*by_, {method, target}, said);
}

void authentication::answer(
  const challenges& to, const std::string& method, const std::string& target,
  const taker& said) {
  taken_ = false;
  heard_ = to;
  if (++rounds_ > most_rounds)
    return said(nothing_left(to));
  request what{method, target};
  if (!hear_no(to, what, said))
    try_next(to, what, said);
}

/// Whether the scheme that is being tried has more to say.
bool authentication::hear_no(
  const challenges& to, const request& what, const taker& said) {
  if (!by_) {
    // It has let by others, once.
    if (const auto* known = past_->find(to_); known != nullptr && !known->by)
      past_->forget(to_);
    return false;
  }
  if (is_dialogue(*by_)) {
    const auto* asked = find(to, *by_);
    if (dialogue_ && asked != nullptr && !asked->token.empty()) {
      say(*by_, what, said);
      return true;
    }
  } else if (auto next = strongest_digest(to); *by_ == login_scheme::digest
             && next && is_same(next->parameter("stale"), "true")) {
    digest_ = std::move(next);
    count_ = 0;
    say(*by_, what, said);
    return true;
  }
  // What was remembered may be out of date, and has failed nobody.
  if (by_memory_)
    past_->forget(to_);
  else
    failed_[static_cast<size_t>(*by_)] = true;
  by_memory_ = false;
  by_.reset();
  dialogue_.reset();
  return false;
}

bool authentication::is_possible(login_scheme by, const challenges& to) const {
  if (failed_[static_cast<size_t>(by)] || find(to, by) == nullptr)
    return false;
  if (by == login_scheme::digest && !strongest_digest(to))
    return false;
  return by == login_scheme::negotiate || to_.has_login();
}

void authentication::try_next(
  const challenges& to, const request& what, const taker& said) {
  const auto* next = std::find_if(
    schemes.begin(), schemes.end(),
    [&](login_scheme each) { return is_possible(each, to); });
  if (next == schemes.end())
    return said(nothing_left(to));
  by_ = *next;
  if (*next == login_scheme::digest) {
    digest_ = strongest_digest(to);
    count_ = 0;
  }
  say(*next, what, said);
}

void authentication::say(
  login_scheme by, const request& what, const taker& said) {
  if (by == login_scheme::basic)
    return said(basic());
  if (by == login_scheme::digest)
    return said(digest(what));
  std::string token;
  if (!dialogue_)
    dialogue_ = std::make_unique<gss_dialogue>(
      io_,
      by == login_scheme::negotiate ? gss_scheme::negotiate : gss_scheme::ntlm,
      to_);
  else if (const auto* asked = find(heard_, by); asked != nullptr)
    token = from_base64(asked->token).value_or(std::string{});
  dialogue_->step(
    std::move(token), [this, by, what, said](result<std::string> step) {
      if (step)
        return said(std::string{word_of(by)} + " " + to_base64(*step));
      last_failure_ = std::string{word_of(by)} + ": " + step.error().text;
      failed_[static_cast<size_t>(by)] = true;
      by_.reset();
      // It is the caller of this: it goes when he is through.
      auto ended = std::move(dialogue_);
      past_->forget(to_);
      if (std::exchange(by_memory_, false))
        return said(std::string{});
      try_next(heard_, what, said);
    });
}

std::string authentication::basic() const {
  return "Basic " + to_base64(to_.user.reveal() + ":" + to_.password.reveal());
}

std::string authentication::digest(const request& what) {
  auto* known = past_->find(to_);
  auto& count = by_memory_ && known != nullptr ? known->count : count_;
  return answer_digest(
    *digest_,
    {to_.user, to_.password, what.method, what.target, ++count, random_text()});
}

void authentication::succeed() {
  rounds_ = 0;
  if (!by_) {
    if (past_->find(to_) == nullptr)
      past_->keep(to_, {});
    return;
  }
  taken_ = true;
  if (!by_memory_)
    past_->keep(to_, {*by_, digest_.value_or(challenge{}), count_});
  // From now on the counting is done there.
  by_memory_ = true;
}

proxy_words::standing authentication::standing() const {
  using enum proxy_words::standing;
  if (!by_)
    return past_->find(to_) == nullptr ? untried : proven;
  // The first words of NTLM say nothing of who speaks.
  if (*by_ == login_scheme::ntlm && dialogue_ && dialogue_->steps() == 1)
    return unfinished;
  // How often it takes an answer to the same question only the proxy knows.
  if (*by_ == login_scheme::digest)
    return untried;
  if (!by_memory_ && !taken_)
    return untried;
  return *by_ == login_scheme::basic ? lasting : proven;
}

void authentication::reconnect() {
  taken_ = false;
  dialogue_.reset();
}

error authentication::nothing_left(const challenges& to) const {
  std::string offered;
  for (const auto& each : to)
    if (
      offered.find(each.scheme) == std::string_view::npos
      && offered.size() < 100)
      offered += (offered.empty() ? "" : ", ") + each.scheme;
  auto text = "it wants to know who asks (it takes "
    + (offered.empty() ? std::string{"nothing that is known here"} : offered)
    + ")";
  text += to_.has_login()
    ? ", and takes no login that it was given: is USER:PASSWORD in its URL "
      "right?"
    : ": write USER:PASSWORD@ before its host, or get a Kerberos ticket by "
      "kinit";
  if (!last_failure_.empty())
    text += " (" + last_failure_ + ")";
  return {ec::permission_denied, text};
}

} // namespace pier::net
