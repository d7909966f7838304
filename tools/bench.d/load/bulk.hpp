#pragma once

/// As many bytes as get through. They come in numbered pieces, of which the
/// receiver takes each only after the one before it, and it is the receiver
/// that counts.

#include <cstdint>

namespace load {

/// The server's half; the connection, which blocks, is closed after it.
/// `order`: 'b' takes pieces, and answers the last of them with their count;
/// 'B' sends some until nobody takes them.
void serve_bulk(int client, char order);

} // namespace load
