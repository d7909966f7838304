#include "tools/pierd/log_format.hpp"

#include "messages/redact.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/pattern_formatter.h>

#include <chrono>

namespace pier::daemon {

namespace {

/// Spdlog's own pattern, over a clean text.
class human_formatter : public spdlog::formatter {
public:
  void format(
    const spdlog::details::log_msg& what, spdlog::memory_buf_t& to) override {
    auto text = log_text({what.payload.data(), what.payload.size()});
    auto who = log_text({what.logger_name.data(), what.logger_name.size()});
    auto clean = what;
    clean.payload = text;
    clean.logger_name = who;
    pattern_.format(clean, to);
    what.color_range_start = clean.color_range_start;
    what.color_range_end = clean.color_range_end;
  }

  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<human_formatter>();
  }

private:
  spdlog::pattern_formatter pattern_;
};

/// "2026-11-26T12:00:00.123Z".
std::string time_of(std::chrono::system_clock::time_point when) {
  namespace chrono = std::chrono;
  auto whole = chrono::floor<chrono::seconds>(when);
  auto part = chrono::duration_cast<chrono::milliseconds>(when - whole);
  return fmt::format(
    "{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
    fmt::gmtime(chrono::system_clock::to_time_t(whole)), part.count());
}

class json_formatter : public spdlog::formatter {
public:
  void format(
    const spdlog::details::log_msg& what, spdlog::memory_buf_t& to) override {
    boost::json::object line{
      {"time", time_of(what.time)},
      {"level", to_string(static_cast<log_level>(what.level))},
      {"actor", log_text({what.logger_name.data(), what.logger_name.size()})},
      {"text", log_text({what.payload.data(), what.payload.size()})}};
    auto text = boost::json::serialize(line) + "\n";
    to.append(text.data(), text.data() + text.size());
  }

  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<json_formatter>();
  }
};

} // namespace

std::string log_text(std::string_view text) {
  std::string out;
  for (auto each : redact(text)) {
    auto byte = static_cast<unsigned char>(each);
    if (byte >= 0x20 && byte != 0x7F)
      out += each;
    else if (each == '\n')
      out += "\\n";
    else
      out += fmt::format("\\x{:02x}", byte);
  }
  return out;
}

std::unique_ptr<spdlog::formatter> make_log_formatter(log_format how) {
  if (how == log_format::json)
    return std::make_unique<json_formatter>();
  return std::make_unique<human_formatter>();
}

} // namespace pier::daemon
