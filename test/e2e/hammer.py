"""Clients without a pause, and what becomes of them."""

import socket
import threading

from namespaces import inside
from patience import eventually


class Hammer:
    """Clients of a published port, one after the other, without a pause."""

    def __init__(self, netns, port):
        self._netns, self._port, self._over = netns, port, False
        self.served, self.refused, self.reset = 0, 0, 0
        self._thread = threading.Thread(target=self._strike, daemon=True)
        self._thread.start()

    def _strike(self):
        with inside(self._netns):
            while not self._over:
                try:
                    with socket.create_connection(
                            ("127.0.0.1", self._port), 20) as client:
                        if client.recv(64):
                            self.served += 1
                        else:
                            self.reset += 1
                except ConnectionRefusedError:
                    self.refused += 1
                except ConnectionError:
                    self.reset += 1

    def is_served(self):
        begun = self.served
        eventually(lambda: self.served > begun + 10, 20, "clients are served")

    def close(self):
        self._over = True
        self._thread.join(30)
