#pragma once

/// Values that settings are chosen from. To be called within rc::gen::exec or
/// rc::check.

#include "messages/ip_subnet.hpp"
#include "messages/settings.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace pier::trials {

template <class T>
T between(T least, T most) {
  return *rc::gen::inRange<T>(least, most + 1);
}

inline bool coin() {
  return between(0, 1) == 0;
}

/// In milliseconds.
std::chrono::milliseconds time_between(int64_t least, int64_t most);

/// Networks that guests could have.
ip_subnet guests4();
ip_subnet guests6();

std::string label();
std::string domain();

/// Without repetition.
template <class T>
std::vector<T> some(int least, int most, const std::function<T()>& one) {
  std::vector<T> out;
  for (auto count = between(least, most); count > 0; --count)
    if (auto next = one(); std::find(out.begin(), out.end(), next) == out.end())
      out.push_back(std::move(next));
  return out;
}

std::vector<endpoint> servers();
dns_record record();

/// A static forward more; its target lies in no circle.
void put_forward(settings& into);

} // namespace pier::trials
