#pragma once

/// What this process's surroundings say of proxies, as it is at the moment: the
/// environment, and where that names none, the settings of a desktop.
///
/// Theory of operation. `gsettings` is asked, the program, as GLib in a process
/// brings threads of its own. When it might say something else the files tell
/// that it keeps its settings in (dconf's, or the keyfile that sandboxes have);
/// where there are none yet, and no system-wide profile, it is not asked at
/// all. The first answer is waited for, if it does not take seconds, since what
/// starts next may be a container.

#include "net/file_watch.hpp"
#include "net/lifeline.hpp"
#include "net/proxy/system_proxy.hpp"

#include <boost/asio/io_context.hpp>

#include <list>
#include <string>

namespace pier::net {

class system_proxies {
public:
  explicit system_proxies(boost::asio::io_context& io);

  /// Never null; another one when it has changed.
  const system_terms_ptr& now() const noexcept {
    return now_;
  }

private:
  void ask();
  void hear(const std::string& listed);

  boost::asio::io_context& io_;
  system_terms environment_;
  system_terms_ptr now_;
  std::list<file_watch> watches_;
  bool asking_ = false;
  bool ask_again_ = false;
  lifeline life_;
};

} // namespace pier::net
