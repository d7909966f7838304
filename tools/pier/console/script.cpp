#include "tools/pier/console/script.hpp"

namespace pier::cli {

namespace {

/// Role: reads one text, word by word.
class reader {
public:
  explicit reader(std::string_view text) : rest_(text) {}

  result<std::vector<spoken>> read() {
    while (!rest_.empty()) {
      auto next = rest_.front();
      if (next == '#')
        skip_comment();
      else if (next == ';' || next == '\n')
        end_command();
      else if (next == ' ' || next == '\t' || next == '\r')
        rest_.remove_prefix(1);
      else if (auto word = read_word(); !word)
        return word.error();
      else
        now_.words.push_back(std::move(*word));
    }
    end_command();
    return std::move(all_);
  }

private:
  void skip_comment() {
    rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
  }

  void end_command() {
    if (!rest_.empty())
      rest_.remove_prefix(1);
    auto& words = now_.words;
    if (
      !words.empty() && words.front().size() > 1
      && words.front().back() == ':') {
      now_.node = words.front().substr(0, words.front().size() - 1);
      words.erase(words.begin());
    }
    if (!words.empty())
      all_.push_back(std::move(now_));
    now_ = {};
  }

  result<std::string> read_word() {
    std::string word;
    char quote = 0;
    while (!rest_.empty()) {
      auto next = rest_.front();
      if (quote == 0 && std::string_view{" \t\r\n;"}.find(next) != rest_.npos)
        break;
      rest_.remove_prefix(1);
      if (next == '\\' && quote != '\'' && !rest_.empty()) {
        word += rest_.front();
        rest_.remove_prefix(1);
      } else if (quote == 0 && (next == '"' || next == '\''))
        quote = next;
      else if (next == quote)
        quote = 0;
      else
        word += next;
    }
    if (quote != 0)
      return error{
        ec::bad_request,
        std::string{"a quote that begins with "} + quote + " does not end"};
    return word;
  }

  std::string_view rest_;
  spoken now_;
  std::vector<spoken> all_;
};

} // namespace

result<std::vector<spoken>> parse_script(std::string_view text) {
  return reader{text}.read();
}

} // namespace pier::cli
