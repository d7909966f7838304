#pragma once

/// The near side of somebody who is connected to us already, until he is handed
/// over; destroyed before, he hears no.

#include "messages/error.hpp"
#include "net/circuit/flow_circuit.hpp"
#include "net/lobby.hpp"

#include <memory>
#include <utility>

namespace pier::net {

class accepted_side : public near_side {
public:
  explicit accepted_side(std::unique_ptr<caller> who)
    : caller_(std::move(who)) {}
  ~accepted_side() override {
    turn_away(ec::failed);
  }
  void refuse(ec why) override {
    turn_away(why);
  }

protected:
  std::unique_ptr<caller> take() {
    return std::move(caller_);
  }

private:
  void turn_away(ec why) {
    if (auto who = take())
      who->refuse(why);
  }

  std::unique_ptr<caller> caller_;
};

} // namespace pier::net
