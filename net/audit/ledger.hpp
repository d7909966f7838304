#pragma once

/// Whose descriptors are, by those who have them: whoever keeps some for longer
/// than a moment says so when he is asked. Nobody has to remember anything.

#include "net/fd.hpp"

#include <map>
#include <string>

namespace pier::net {

class ledger {
public:
  /// Negative: there is none.
  void claim(int number, const std::string& owner) {
    if (number >= 0)
      owners_[number] = owner;
  }
  void claim(const fd& which, const std::string& owner) {
    claim(which.get(), owner);
  }
  /// Of the loop's: a stream_descriptor, a socket.
  template <class Stream>
  void claim_open(Stream& which, const std::string& owner) {
    if (which.is_open())
      claim(which.native_handle(), owner);
  }

  /// Empty: nobody has claimed it.
  std::string owner_of(int number) const {
    auto found = owners_.find(number);
    return found == owners_.end() ? std::string{} : found->second;
  }

private:
  std::map<int, std::string> owners_;
};

} // namespace pier::net
