#include "net/proxy/challenge.hpp"

#include "net/http/token.hpp"

#include <cctype>
#include <optional>

namespace pier::net {

namespace {

constexpr size_t most_challenges = 16;
constexpr size_t most_parameters = 32;

bool is_token68(char each) {
  constexpr std::string_view others = "-._~+/";
  return std::isalnum(static_cast<unsigned char>(each)) != 0
    || others.find(each) != std::string_view::npos;
}

/// A place in the text. What a function does not take it leaves as it is.
class cursor {
public:
  explicit cursor(std::string_view text) : rest_(text) {}

  bool is_at_end() const {
    return rest_.empty();
  }
  bool takes(char one) {
    if (rest_.empty() || rest_.front() != one)
      return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool skip_blanks() {
    auto before = rest_.size();
    while (takes(' ') || takes('\t')) {}
    return rest_.size() != before;
  }
  std::string_view take_while(bool (*fits)(char)) {
    size_t size = 0;
    while (size < rest_.size() && fits(rest_[size]))
      ++size;
    auto out = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return out;
  }
  std::optional<std::string> take_quoted() {
    if (rest_.empty() || rest_.front() != '"')
      return std::nullopt;
    std::string out;
    for (size_t at = 1; at < rest_.size(); ++at) {
      if (rest_[at] == '"') {
        rest_.remove_prefix(at + 1);
        return out;
      }
      if (rest_[at] == '\\' && ++at == rest_.size())
        break;
      out.push_back(rest_[at]);
    }
    return std::nullopt;
  }

private:
  std::string_view rest_;
};

std::string lowered(std::string_view text) {
  std::string out{text};
  for (auto& each : out)
    each = static_cast<char>(std::tolower(static_cast<unsigned char>(each)));
  return out;
}

/// "name = value", where that stands here.
std::optional<std::pair<std::string, std::string>> take_parameter(cursor& at) {
  auto was = at;
  auto name = at.take_while(is_token);
  at.skip_blanks();
  if (!name.empty() && at.takes('=')) {
    at.skip_blanks();
    if (auto quoted = at.take_quoted())
      return std::pair{lowered(name), std::move(*quoted)};
    if (auto plain = at.take_while(is_token); !plain.empty())
      return std::pair{lowered(name), std::string{plain}};
  }
  at = was;
  return std::nullopt;
}

std::string take_token(cursor& at) {
  std::string out{at.take_while(is_token68)};
  if (out.empty())
    return out;
  while (at.takes('='))
    out.push_back('=');
  return out;
}

/// False: what stands here belongs to no challenge.
bool take_rest_of(challenge& one, cursor& at) {
  for (;;) {
    at.skip_blanks();
    auto commas = false;
    while (at.takes(',')) {
      commas = true;
      at.skip_blanks();
    }
    if (at.is_at_end())
      return true;
    if (!commas && !one.parameters.empty())
      return false;
    auto next = take_parameter(at);
    if (!next)
      return commas; // Another challenge, perhaps.
    if (one.parameters.size() == most_parameters)
      return false;
    one.parameters.push_back(std::move(*next));
  }
}

} // namespace

std::string_view challenge::parameter(std::string_view name) const {
  for (const auto& [each, value] : parameters)
    if (each == name)
      return value;
  return {};
}

std::vector<challenge> parse_challenges(std::string_view value) {
  std::vector<challenge> out;
  cursor at{value};
  for (;;) {
    at.skip_blanks();
    while (at.takes(','))
      at.skip_blanks();
    auto scheme = at.take_while(is_token);
    if (scheme.empty() || out.size() == most_challenges)
      return out;
    auto& one = out.emplace_back();
    one.scheme = lowered(scheme);
    if (at.skip_blanks()) {
      if (auto first = take_parameter(at))
        one.parameters.push_back(std::move(*first));
      else
        one.token = take_token(at);
    }
    if (!take_rest_of(one, at) || at.is_at_end())
      return out;
  }
}

} // namespace pier::net
