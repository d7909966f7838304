"""The first process of a namespace of ours: prints "ready", buries orphans,
and ends, and with it everything in its PID namespace, when its standard input
does. So nothing outlives the test, however that dies."""

import os
import signal
import sys
import threading


def end_with_input():
    sys.stdin.buffer.read()
    os._exit(0)


signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
threading.Thread(target=end_with_input, daemon=True).start()
print("ready", flush=True)
while True:
    try:
        os.wait()
    except ChildProcessError:
        signal.sigwait({signal.SIGCHLD})
