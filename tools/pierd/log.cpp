#include "tools/pierd/log.hpp"

#include "tools/pierd/log_format.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace pier::daemon {

namespace {

static_assert(
  static_cast<int>(log_level::trace) == spdlog::level::trace
    && static_cast<int>(log_level::error) == spdlog::level::err,
  "our levels are one behind another as spdlog's are");

spdlog::level::level_enum level_of(log_level level) {
  return level == log_level::off
    ? spdlog::level::off
    : static_cast<spdlog::level::level_enum>(level);
}

} // namespace

void open_log(const log_settings& with) {
  spdlog::set_default_logger(spdlog::stderr_color_mt("pierd"));
  spdlog::flush_on(spdlog::level::trace);
  obey_log(with);
}

void obey_log(const log_settings& with) {
  spdlog::set_formatter(make_log_formatter(with.format));
  spdlog::set_level(level_of(with.level));
}

void write_log(const log_line& what) {
  auto logger = spdlog::default_logger();
  auto who = what.path.empty() ? logger->name() : what.path;
  spdlog::details::log_msg line{who, level_of(what.level), what.text};
  for (const auto& each : logger->sinks()) {
    each->log(line);
    each->flush();
  }
}

void write_log(const event& news) {
  auto line = line_of(news);
  spdlog::log(level_of(line.level), "{}", line.text);
}

} // namespace pier::daemon
