"""Who lives in a container of the soak: `inhabitant.py TCP,… UDP,… [deaf]`. It
greets each TCP client with the port that it came to, and echoes all that it
hears, in one thread, so that a hundred clients cost little. One that is deaf
does not mind SIGTERM."""

import contextlib
import selectors
import signal
import socket
import sys

PIECE = 65536


def made(kind, port):
    fresh = socket.socket(socket.AF_INET6, kind)
    if kind == socket.SOCK_STREAM:
        fresh.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    fresh.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    fresh.bind(("::", port))
    fresh.setblocking(False)
    return fresh


class Client:
    """One connection; what it has said and not yet heard back is `owed`."""

    def __init__(self, connection, greeting):
        self.socket, self.owed, self.heard_all = connection, greeting, False

    def turn(self, events):
        """Answers what it waits for next; 0 when it is over."""
        if events & selectors.EVENT_READ:
            data = self.socket.recv(PIECE)
            self.heard_all = not data
            self.owed += data
        if self.owed:
            with contextlib.suppress(BlockingIOError):
                self.owed = self.owed[self.socket.send(self.owed):]
        if self.owed:
            # Whoever does not read is not listened to.
            return selectors.EVENT_WRITE
        return 0 if self.heard_all else selectors.EVENT_READ


def serve(tcp, udp):
    with selectors.DefaultSelector() as watch:
        def accept(server, _events):
            with contextlib.suppress(OSError):
                connection, _ = server.accept()
                connection.setblocking(False)
                port = server.getsockname()[1]
                client = Client(connection, b"%d\n" % port)
                watch.register(connection, selectors.EVENT_READ
                               | selectors.EVENT_WRITE,
                               lambda _, events: turn(client, events))

        def turn(client, events):
            try:
                wanted = client.turn(events)
            except OSError:
                wanted = 0
            if wanted:
                watch.modify(client.socket, wanted,
                             lambda _, more: turn(client, more))
            else:
                watch.unregister(client.socket)
                client.socket.close()

        def echo(server, _events):
            with contextlib.suppress(OSError):
                data, client = server.recvfrom(PIECE)
                server.sendto(data, client)

        for port in tcp:
            server = made(socket.SOCK_STREAM, port)
            server.listen(128)
            watch.register(server, selectors.EVENT_READ, accept)
        for port in udp:
            watch.register(made(socket.SOCK_DGRAM, port),
                           selectors.EVENT_READ, echo)
        while True:
            for key, events in watch.select():
                key.data(key.fileobj, events)


if __name__ == "__main__":
    if sys.argv[3:] == ["deaf"]:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    serve(*(map(int, ports.split(",")) for ports in sys.argv[1:3]))
