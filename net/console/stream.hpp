#pragma once

/// The connection of a console, whatever it goes over.

#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>

#include <functional>
#include <memory>
#include <string>

namespace pier::net {

/// Role: bytes to and from one client, on its owner's loop. Nothing is called
/// back after `close`, but with an error.
class console_stream {
public:
  using done = std::function<void(const boost::system::error_code&, size_t)>;

  virtual ~console_stream() = default;

  /// Until it is known who the client is: `name` of it, as the event log has
  /// it, or a refusal.
  using known = std::function<void(
    const boost::system::error_code&, std::string name)>;
  virtual void identify(known done) = 0;

  virtual void read(boost::asio::mutable_buffer into, done then) = 0;
  virtual void write(boost::asio::const_buffer from, done then) = 0;
  virtual void close() = 0;
};

} // namespace pier::net
