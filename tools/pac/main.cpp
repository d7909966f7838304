/// pier-pac: runs one proxy auto-config script, and answers questions to it. It
/// is started by Pier with a channel as descriptor 3 and the script as 4, and
/// ends with the channel, or when it is killed: whoever asks has a deadline.

#include "tools/pac/channel.hpp"
#include "tools/pac/confinement.hpp"

extern "C" {
#include <pacparser.h>
}

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <optional>
#include <string>

namespace {

using pier::net::pac_word;

constexpr int usage_error = 125;
/// Behind those of whoever asks.
constexpr unsigned most_seconds = 20;

/// What pacparser has complained of since somebody asked; kept here, because
/// its callback knows no more than its text.
std::string complaints;

int complain(const char* format, va_list arguments) {
  std::array<char, 512> text{};
  auto size = std::vsnprintf(text.data(), text.size(), format, arguments);
  if (complaints.size() < 1024)
    complaints += text.data();
  return size;
}

std::string complaint() {
  std::string out;
  for (auto each : complaints)
    if (each == '\n' || each == ' ') {
      if (!out.empty() && out.back() != ' ')
        out.push_back(' ');
    } else {
      out.push_back(each);
    }
  complaints.clear();
  return out.empty() ? "the script fails" : out;
}

std::optional<std::string> read_script() {
  struct stat about {};
  if (::fstat(pier::pac::script, &about) != 0)
    return std::nullopt;
  auto size = static_cast<size_t>(about.st_size);
  if (size > pier::net::max_pac_script)
    return std::nullopt;
  std::string out(size, '\0');
  for (size_t at = 0; at < size;) {
    auto count = ::pread(
      pier::pac::script, out.data() + at, size - at, static_cast<off_t>(at));
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return std::nullopt;
    at += static_cast<size_t>(count);
  }
  return out;
}

void answer(const std::string& question) {
  auto end = question.find('\n');
  auto url = question.substr(0, end);
  auto host = end == std::string_view::npos ? std::string{}
                                            : question.substr(end + 1);
  complaints.clear();
  pier::pac::allow_seconds(most_seconds);
  const auto* said = ::pacparser_find_proxy(url.c_str(), host.c_str());
  pier::pac::allow_seconds(0);
  if (said == nullptr)
    return pier::pac::say({pac_word::failure, complaint()});
  pier::pac::say({pac_word::answer, said});
}

int run(const std::string& text) {
  pier::pac::allow_seconds(most_seconds);
  auto self = pier::pac::hear();
  ::pacparser_set_error_printer(complain);
  if (::pacparser_init() != 1 || !pier::pac::confine()) {
    pier::pac::say({pac_word::failure, "scripts cannot be confined here"});
    return usage_error;
  }
  ::pacparser_setmyip(self.text.c_str());
  if (::pacparser_parse_pac_string(text.c_str()) != 1) {
    pier::pac::say({pac_word::failure, complaint()});
    return 0;
  }
  pier::pac::allow_seconds(0);
  pier::pac::say({pac_word::ready, {}});
  for (;;) {
    auto said = pier::pac::hear();
    if (said.what == pac_word::question)
      answer(said.text);
  }
}

} // namespace

int main(int argc, char**) {
  auto text = argc == 1 && ::fcntl(pier::pac::channel, F_GETFD) >= 0
    ? read_script()
    : std::nullopt;
  if (text)
    ::_exit(run(*text));
  std::fputs(
    "pier-pac: a part of Pier that is not run by hand: see pier --help\n",
    stderr);
  return usage_error;
}
