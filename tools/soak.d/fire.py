"""When an actor of a scope is being struck, from before the order until it is
back. Whoever fails meanwhile is excused; whoever fails in peace is not."""

import contextlib
import threading


class Fire:
    def __init__(self):
        self._lock = threading.Lock()
        self._burning = self._count = 0

    @contextlib.contextmanager
    def burning(self):
        with self._lock:
            self._burning += 1
            self._count += 1
        try:
            yield
        finally:
            with self._lock:
                self._burning -= 1

    def token(self):
        """For `since`. Nothing that burns now makes a peace."""
        with self._lock:
            return None if self._burning else self._count

    def since(self, token):
        """Whether anything has burnt since the token was taken."""
        return token is None or self._count != token
