"""A server whose clients choose what becomes of them: `fates.py ADDRESS PORT`,
over TCP and UDP. A TCP client's first line is a verb and a token of its own;
what the server saw of it is told to whoever asks `tell TOKEN`."""

import contextlib
import select
import signal
import socket
import struct
import sys
import threading

PATIENCE = 3.0
# A half-closed connection must last longer than a moment: some give it half
# a second.
HALF_OPEN = 0.8


def made(kind, address, port):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    fresh = socket.socket(family, kind)
    if kind == socket.SOCK_STREAM:
        fresh.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        fresh.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    fresh.bind((address, int(port)))
    return fresh


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                          struct.pack("ii", 1, 0))
    connection.close()


def linger(connection):
    """Watches a half-closed connection for a while: it ends early, and the
    next read or write says how, when the rest of it ends."""
    watch = select.poll()
    watch.register(connection, 0)
    watch.poll(HALF_OPEN * 1000)


def count(connection):
    total = 0
    while data := connection.recv(65536):
        total += len(data)
    return total


def line_of(connection):
    line = b""
    while not line.endswith(b"\n"):
        byte = connection.recv(1)
        if not byte:
            break
        line += byte
    return line.decode().split()


class Fates:
    def __init__(self):
        self._seen, self._news = {}, threading.Condition()

    def serve(self, server):
        while True:
            connection, client = server.accept()
            threading.Thread(target=self._one, args=(connection, client),
                             daemon=True).start()

    def _one(self, connection, client):
        connection.settimeout(PATIENCE)
        with contextlib.suppress(OSError), connection:
            words = line_of(connection)
            if words:
                getattr(self, words[0])(connection, client, words[-1])

    def _saw(self, token, what):
        with self._news:
            self._seen[token] = what
            self._news.notify_all()

    def tell(self, connection, _client, token):
        with self._news:
            self._news.wait_for(lambda: token in self._seen, PATIENCE - 0.5)
        connection.sendall(self._seen.get(token, "nothing").encode())

    def whoami(self, connection, client, _token):
        connection.sendall(client[0].encode())

    def count(self, connection, _client, _token):
        """The client half-closes, and still gets its answer."""
        total = count(connection)
        linger(connection)
        connection.sendall(str(total).encode())

    def finish(self, connection, _client, token):
        """The server half-closes, and still hears its client."""
        connection.sendall(b"x")
        connection.shutdown(socket.SHUT_WR)
        try:
            self._saw(token, str(count(connection)))
        except OSError as why:
            self._saw(token, type(why).__name__)

    def reset(self, connection, _client, _token):
        reset(connection)

    def watch(self, connection, _client, token):
        """How does the client's end look from here?"""
        connection.sendall(b"x")
        try:
            self._saw(token, "FIN" if connection.recv(1) == b"" else "data")
        except ConnectionResetError:
            self._saw(token, "RST")
        except TimeoutError:
            self._saw(token, "nothing")


def echo_datagrams(fresh):
    while True:
        with contextlib.suppress(OSError):
            data, client = fresh.recvfrom(65536)
            fresh.sendto(data, client)


def main(address, port):
    server = made(socket.SOCK_STREAM, address, port)
    datagrams = made(socket.SOCK_DGRAM, address, port)
    datagrams.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    server.listen(128)
    for serve, what in (Fates().serve, server), (echo_datagrams, datagrams):
        threading.Thread(target=serve, args=(what,), daemon=True).start()
    print("ready", flush=True)
    signal.pause()


if __name__ == "__main__":
    main(*sys.argv[1:])
