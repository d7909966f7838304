#include "config/nesting.hpp"

namespace pier::config {

namespace {

constexpr size_t most_brackets = 8;
constexpr size_t most_dots = 64;

/// Reads over the text, its comments and its strings (TOML 1.0: "Comment",
/// "String"). Where the text is no TOML it may see more than the parser will,
/// which stops at the first error; never less.
class scanner {
public:
  explicit scanner(std::string_view text) : text_(text) {}

  std::optional<place> run() {
    while (at_ < text_.size()) {
      auto now = text_[at_];
      if (now == '"' || now == '\'')
        skip_string(now);
      else if (now == '#')
        skip_comment();
      else if (!count(now))
        return place{line_, at_ - line_begin_ + 1};
      else
        step();
    }
    return std::nullopt;
  }

private:
  /// False: too deep.
  bool count(char now) {
    if (now == '[' || now == '{')
      return ++brackets_ <= most_brackets;
    if ((now == ']' || now == '}') && brackets_ > 0)
      --brackets_;
    return now != '.' || ++dots_ <= most_dots;
  }

  void step() {
    if (text_[at_++] != '\n')
      return;
    ++line_;
    line_begin_ = at_;
    dots_ = 0;
  }

  void skip_comment() {
    while (at_ < text_.size() && text_[at_] != '\n')
      ++at_;
  }

  /// A string of one line ends at its quote, or, being none, with the line; a
  /// string of many at three quotes, of which up to two more may be its own.
  void skip_string(char quote) {
    const std::string three(3, quote);
    auto many = text_.substr(at_).starts_with(three);
    at_ += many ? 3 : 1;
    while (at_ < text_.size()) {
      auto now = text_[at_];
      if (now == '\n' && !many)
        return;
      if (now == '\\' && quote == '"' && at_ + 1 < text_.size()) {
        ++at_;
        step();
      } else if (now == quote && !many) {
        ++at_;
        return;
      } else if (now == quote && text_.substr(at_).starts_with(three)) {
        at_ += 3;
        for (int own = 0; own < 2 && at_ < text_.size(); ++own)
          at_ += text_[at_] == quote ? 1 : 0;
        return;
      } else
        step();
    }
  }

  std::string_view text_;
  size_t at_ = 0;
  size_t line_ = 1;
  size_t line_begin_ = 0;
  size_t brackets_ = 0;
  size_t dots_ = 0;
};

} // namespace

std::optional<place> too_deep(std::string_view text) {
  return scanner{text}.run();
}

} // namespace pier::config
