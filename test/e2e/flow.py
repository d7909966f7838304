"""Connections that something happens on all the time."""

import os
import threading

from patience import eventually


class Flow:
    """A connection that is used all the time: whatever it says comes back."""

    def __init__(self, client):
        self._client, self._over = client, False
        self.bytes, self.lost = 0, None
        self._thread = threading.Thread(target=self._use, daemon=True)
        self._thread.start()

    def _use(self):
        word = os.urandom(512)
        try:
            while not self._over:
                self._client.sendall(word)
                got = b""
                while len(got) < len(word):
                    piece = self._client.recv(len(word) - len(got))
                    if not piece:
                        raise ConnectionError("FIN")
                    got += piece
                if got != word:
                    raise ValueError("other bytes")
                self.bytes += len(word)
        except (OSError, ValueError) as why:
            self.lost = why

    def goes_on(self):
        begun = self.bytes
        eventually(lambda: self.lost or self.bytes > begun + 4096, 10, "bytes")
        return self.lost is None

    def close(self):
        self._over = True
        self._thread.join(20)
