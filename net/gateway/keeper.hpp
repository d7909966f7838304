#pragma once

/// The keeper: a small process that lives in the gateway's namespaces, makes
/// them, plugs guests in, and hands their sockets to the main process. One
/// thread; requests one at a time; its end is the end of the channel.

namespace pier::net {

/// Serves the channel until the main process is gone; the exit status.
int run_keeper(int channel);

} // namespace pier::net
