#pragma once

/// Hears that the file at a path may be another one, or say something else.
///
/// Theory of operation. Editors replace files, so it is not the file that is
/// watched but every folder on the way to it, links followed: each for one
/// name, the next one on the way. Whatever happens to such a name, the way is
/// walked anew. So a folder that is not there yet, that goes and comes back, or
/// a link that leads elsewhere, is no case of its own. A plain file counts when
/// whoever wrote it closes it, not when it is made.
///
/// One change is often several events: they are told once, when 100 ms have
/// passed without another one, or a second with some. No change, no wake-up.

#include "net/lifeline.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace pier::net {

class file_watch {
public:
  /// `path` is absolute. A machine that is out of watches has none: nothing is
  /// ever heard then, and `blind` says so.
  file_watch(
    boost::asio::io_context& io, std::string path,
    std::function<void()> on_change);

  /// Whether some folder on the way could not be watched.
  bool blind() const noexcept {
    return blind_;
  }

private:
  /// The kernel's number of a watch leads to the folder, and what counts in it.
  struct place {
    std::string folder;
    std::set<std::string> names;
  };

  void walk();
  bool watch(const std::string& folder, const std::string& name);
  void await_events();
  bool hears();
  bool concerns(int number, uint32_t mask, const std::string& name) const;
  void settle();
  void tell();

  std::string path_;
  std::function<void()> on_change_;
  std::optional<boost::asio::posix::stream_descriptor> events_;
  boost::asio::steady_timer quiet_;
  boost::asio::steady_timer patience_;
  std::map<int, place> places_;
  bool waiting_ = false;
  bool blind_ = false;
  lifeline life_;
};

} // namespace pier::net
