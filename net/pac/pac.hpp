#pragma once

/// Proxy auto-config: which way out a script knows to a destination. Whatever
/// goes wrong with it blocks, and says so: that everything suddenly went
/// directly would surprise more.

#include "net/lifeline.hpp"
#include "net/pac/pac_script.hpp"
#include "net/pac/script_source.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pier::net {

/// What the settings say of it; the text goes before the place.
struct pac_origin {
  /// http://…, https://…, file://PATH or an absolute PATH.
  std::string where;
  std::string text;

  friend bool operator==(const pac_origin&, const pac_origin&) = default;
};

/// Destroyed, it calls nobody back, and its script's process is gone.
class pac {
public:
  using taker = pac_script::taker;

  /// `program` is that of tools/pac.
  pac(
    boost::asio::io_context& io, std::string program, socket_source sockets,
    const pac_origin& from, pac_limits bounds = {}, script_pauses between = {});

  /// While the script is loaded for the first time questions wait. A script
  /// that cannot be loaded again stays in force as it was. Never answers from
  /// inside the call.
  void ask(const pac_question& what, taker done);

  /// Why there is no script; empty: there is one, or it is being loaded.
  const std::string& trouble() const noexcept {
    return trouble_;
  }

private:
  void hear(result<std::string> text);
  void adopt(const std::string& text);

  boost::asio::io_context& io_;
  std::string program_;
  pac_limits limits_;
  std::string text_;
  std::string trouble_;
  std::unique_ptr<pac_script> script_;
  /// The one before it: what it has answered may not have been heard yet.
  std::unique_ptr<pac_script> leaving_;
  std::vector<std::pair<pac_question, taker>> waiting_;
  std::optional<script_source> source_;
  lifeline life_;
};

} // namespace pier::net
