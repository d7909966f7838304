"""A TCP connection that is looked after: what it says comes back byte for
byte, and it ends when it is struck, and not otherwise."""

import contextlib
import socket

import servers
from namespaces import inside
from patience import FACTOR, now

PROMPT = 20 * FACTOR  # seconds, on a machine that has much else to do
LARGEST = 32768
LARGE = 500000


class Wrong(AssertionError):
    """What no excuse covers: other bytes than were sent."""


class Flow:
    """`source` is how the tree names it. Before its first echo it is opening:
    whatever burns then may take it along. Afterwards it is open, and a strike
    at what it hangs on must."""

    def __init__(self, netns, address, rng):
        self.address, self._rng = address, rng
        self.open, self.source = False, None
        self.struck_at, self.excused, self.let_go = None, False, False
        family = (socket.AF_INET6 if ":" in address[0] else socket.AF_INET)
        with inside(netns):
            self._socket = socket.socket(family, socket.SOCK_STREAM)
        self._socket.settimeout(PROMPT)

    def connect(self, greeting):
        self._socket.connect(self.address)
        host, port = self._socket.getsockname()[:2]
        self.source = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        if greeting and self._exactly(len(greeting)) != greeting:
            raise Wrong("greeted by another port")

    def round(self):
        """Says something and hears it again; answers how many bytes."""
        largest = LARGE if self._rng.random() < 0.02 else LARGEST
        length = self._rng.randrange(1, largest)
        said = self._rng.randbytes(length)
        for at in range(0, length, LARGEST):
            piece = said[at:at + LARGEST]
            self._socket.sendall(piece)
            if self._exactly(len(piece)) != piece:
                raise Wrong("the echo is not what was said")
        return length

    def outlived(self):
        return self.struck_at is not None and now() - self.struck_at > PROMPT

    def hang_up(self):
        """In one of the ways that programs have."""
        how = self._rng.choice(["half-close", "reset", "close"])
        if how == "half-close":
            self._socket.shutdown(socket.SHUT_WR)
            if self._socket.recv(1):
                raise Wrong("more came than was said")
        elif how == "reset":
            servers.reset(self._socket)

    def wait_for_the_end(self):
        """Its container has ended: nothing more may be heard, and soon."""
        while self._socket.recv(65536):
            pass

    def wake(self):
        """For whoever blocks in it."""
        self.let_go = True
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self):
        self._socket.close()

    def _exactly(self, count):
        got = bytearray()
        while len(got) < count:
            data = self._socket.recv(count - len(got))
            if not data:
                raise ConnectionResetError("the connection ended")
            got += data
        return bytes(got)
