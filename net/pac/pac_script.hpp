#pragma once

/// Answers questions to one PAC script.
///
/// Theory of operation. One process runs the script (net/pac/script_process),
/// and has one question at a time, with a deadline; the others wait in line.
/// Whoever overruns it is killed, as is whoever dies over a question, and that
/// question is answered: blocked. The next one begins with a new process. A
/// script that has spoiled three questions in a row is left alone for half a
/// minute, in which every question is blocked at once: it would cost a core for
/// nothing. Answers are kept for each scheme, host and port, and forgotten all
/// together every five minutes, since a script may go by the time of day;
/// failures are not kept.

#include "messages/error.hpp"
#include "messages/upstream_proxy.hpp"
#include "net/lifeline.hpp"
#include "net/pac/script_process.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace pier::net {

struct pac_limits {
  std::chrono::milliseconds question{5000};
  std::chrono::milliseconds memory{300000};
  std::chrono::milliseconds pause{30000};
  size_t most_waiting = 1024;
  size_t most_kept = 4096;
};

/// A destination, as far as a script may know it.
struct pac_question {
  bool secure = false; // https
  /// A name in lower case, or an address.
  std::string host;
  uint16_t port = 0;
};

/// "https://example.com:443/"; empty: a script cannot be asked that.
std::string url_of(const pac_question& what);

/// Destroyed, it calls nobody back.
class pac_script {
public:
  /// At least one choice; `blocked`, in words, where the script fails.
  using taker = std::function<void(std::vector<proxy_choice>)>;

  /// `program` is that of tools/pac.
  pac_script(
    boost::asio::io_context& io, std::string program, std::string text,
    pac_limits bounds = {});

  /// Never answers from inside the call.
  void ask(const pac_question& what, taker done);

  using questions = std::vector<std::pair<pac_question, taker>>;

  /// What has not been answered yet, for another script.
  questions leave();

private:
  struct waiting {
    pac_question what;
    std::string url;
    taker done;
  };

  void go_on();
  void begin_process();
  void await_progress();
  void hear(std::optional<pac_saying> said);
  void strike(const std::string& why);
  void answer(taker done, std::vector<proxy_choice> what);
  void block_all(const std::string& why);
  void keep(const std::string& url, const std::vector<proxy_choice>& what);

  boost::asio::io_context& io_;
  std::string program_;
  std::string text_;
  pac_limits limits_;
  std::unique_ptr<script_process> process_;
  /// It has read the script, and may be asked.
  bool ready_ = false;
  bool asked_ = false;
  int strikes_ = 0;
  /// Why nothing is asked for now; empty: it is.
  std::string pausing_;
  /// Why it never will be.
  std::string broken_;
  boost::asio::steady_timer deadline_;
  boost::asio::steady_timer pause_;
  boost::asio::steady_timer forget_;
  uint64_t turn_ = 0;
  std::deque<waiting> line_;
  std::unordered_map<std::string, std::vector<proxy_choice>> kept_;
  lifeline life_;
};

} // namespace pier::net
