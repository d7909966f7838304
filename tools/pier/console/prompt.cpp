#include "tools/pier/console/prompt.hpp"

#include "tools/control/state_dir.hpp"

#include <sys/stat.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

// These two want the one above.
#include <readline/history.h>
#include <readline/readline.h>

namespace pier::cli {

namespace {

constexpr int longest_history = 1000;

/// Readline calls back without saying whom.
prompt::completion completer;
std::vector<std::string> offered;
volatile std::sig_atomic_t interrupted = 0;

char* offer(const char*, int state) {
  auto index = static_cast<size_t>(state);
  return index < offered.size() ? ::strdup(offered[index].c_str()) : nullptr;
}

char* offer_next(const char* word, int state) {
  static int next;
  next = state == 0 ? 0 : next + 1;
  return offer(word, next);
}

char** complete(const char* word, int start, int) {
  // No file names.
  rl_attempted_completion_over = 1;
  offered.clear();
  for (auto& each :
       completer({rl_line_buffer, static_cast<size_t>(start)}, word))
    if (each.starts_with(word))
      offered.push_back(std::move(each));
  return offered.empty() ? nullptr : rl_completion_matches(word, offer_next);
}

/// The line begins anew; reading goes on, so that no key is lost.
int begin_anew() {
  if (interrupted == 0)
    return 0;
  interrupted = 0;
  rl_replace_line("", 0);
  rl_crlf();
  rl_on_new_line();
  rl_redisplay();
  return 0;
}

void note_interrupt(int) {
  interrupted = 1;
}

/// Commands leave the signal as it is by default.
void catch_interrupts() {
  struct sigaction act {};
  act.sa_handler = note_interrupt;
  ::sigaction(SIGINT, &act, nullptr);
}

} // namespace

prompt::prompt(completion with) {
  completer = std::move(with);
  rl_readline_name = "pier";
  rl_attempted_completion_function = complete;
  rl_completer_word_break_characters = const_cast<char*>(" \t;");
  rl_signal_event_hook = begin_anew;
  using_history();
  stifle_history(longest_history);
  auto folder = control::state_dir();
  if (folder.empty() || !control::prepare_folder(folder))
    return;
  history_ = folder + "/console_history";
  read_history(history_.c_str());
}

prompt::~prompt() {
  if (!history_.empty()) {
    auto before = ::umask(0077);
    write_history(history_.c_str());
    ::umask(before);
    ::chmod(history_.c_str(), 0600);
  }
  completer = nullptr;
}

std::optional<std::string> prompt::read(const std::string& text) {
  catch_interrupts();
  interrupted = 0;
  auto* got = ::readline(text.c_str());
  if (got == nullptr)
    return {};
  std::string line{got};
  ::free(got);
  auto* last = history_length > 0
    ? history_get(history_base + history_length - 1)
    : nullptr;
  if (!line.empty() && (last == nullptr || line != last->line))
    add_history(line.c_str());
  return line;
}

} // namespace pier::cli
