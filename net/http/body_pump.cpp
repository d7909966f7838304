#include "net/http/body_pump.hpp"

namespace pier::net {

namespace {

/// Of bytes that have come and make no sense yet: a chunk's head, trailers.
constexpr size_t most_unread = longest_head;

} // namespace

void body_pump::begin(const framing& as, const framing& next, taker done) {
  reader_ = body_reader{as};
  in_chunks_ = next.how == framing::kind::chunked;
  done_ = std::move(done);
  pump();
}

bool body_pump::give_back() {
  done_ = nullptr;
  if (most_kept_ == 0)
    return false;
  from_.come.insert(0, kept_);
  return true;
}

void body_pump::go_on() {
  more_ = nullptr;
  if (std::exchange(is_waiting_, false))
    pump();
}

void body_pump::take(size_t size) {
  if (kept_.size() + size <= most_kept_) {
    kept_.append(from_.come, 0, size);
  } else {
    most_kept_ = 0;
    kept_ = {};
  }
  from_.come.erase(0, size);
}

void body_pump::pump() {
  if (!done_)
    return;
  if (reader_.is_done() && (!in_chunks_ || last_sent_))
    return finish(outcome::done);
  if (more_ && kept_.size() + from_.come.size() > most_kept_) {
    if (!std::exchange(is_waiting_, true))
      more_();
    return;
  }
  auto got = reader_.read(from_.come, room_);
  if (!got)
    return finish(outcome::malformed);
  take(got->taken);
  if (got->given > 0 || (reader_.is_done() && in_chunks_))
    return send(got->given);
  if (reader_.is_done())
    return finish(outcome::done);
  if (from_.come.size() > most_unread)
    return finish(outcome::malformed);
  // A body that is waited for holds no memory.
  if (from_.come.empty())
    from_.come = {};
  from_.fill([this](bool open) { hear_more(open); });
}

void body_pump::hear_more(bool open) {
  if (open)
    return pump();
  if (!reader_.end())
    return finish(outcome::cut_off);
  pump();
}

void body_pump::send(size_t size) {
  count_.fetch_add(size, std::memory_order_relaxed);
  std::string piece;
  std::string_view data{room_.data(), size};
  if (!in_chunks_) {
    piece = data;
  } else {
    if (size > 0)
      piece.append(chunk_head(size)).append(data).append("\r\n");
    last_sent_ = reader_.is_done();
    if (last_sent_)
      piece += last_chunk(reader_.trailers());
  }
  to_.send(std::move(piece), [this](bool open) {
    if (open)
      pump();
    else
      finish(outcome::unwanted);
  });
}

void body_pump::finish(outcome how) {
  if (auto done = std::exchange(done_, nullptr))
    done(how);
}

} // namespace pier::net
