"""Servers of the world and of the host, as threads of the test: each socket is
born in a namespace, and a function says what happens to a client."""

import contextlib
import functools
import http.server
import socket
import struct
import threading

from namespaces import inside


def tcp_socket(at):
    family = socket.AF_INET6 if ":" in at[0] else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    return made


def unix_socket(path):
    """Every namespace of the network reaches it, and everybody may."""
    made = socket.socket(socket.AF_UNIX)
    made.bind(str(path))
    path.chmod(0o777)
    return made


class Server:
    """Accepts until closed; `serve(connection, client)` runs in a thread of
    its own for each, and the connection is closed behind it. What clients it
    had is in `clients`."""

    def __init__(self, netns, at, serve, backlog=128):
        """`at` is a path where no namespace is."""
        if netns:
            with inside(netns):
                self._socket = tcp_socket(at)
            self._socket.bind(at)
        else:
            self._socket = unix_socket(at)
        self._socket.listen(backlog)
        self.at = self._socket.getsockname()[:2]
        self.clients = []
        self._serve = serve
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        with contextlib.suppress(OSError):
            while True:
                connection, client = self._socket.accept()
                self.clients.append(client[:2])
                threading.Thread(target=self._one, daemon=True,
                                 args=(connection, client)).start()

    def _one(self, connection, client):
        with contextlib.suppress(OSError), connection:
            self._serve(connection, client)

    def close(self):
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


def echo(connection, _client=None):
    """Everything comes back, the end of it too."""
    while data := connection.recv(65536):
        connection.sendall(data)
    connection.shutdown(socket.SHUT_WR)


def says(text):
    """Says something and hangs up."""
    def serve(connection, _client):
        connection.sendall(text)
    return serve


def reads_all_then_says(text):
    """A half-closed client still gets its answer, with the count."""
    def serve(connection, _client):
        count = 0
        while data := connection.recv(65536):
            count += len(data)
        connection.sendall(b"%d %s" % (count, text))
    return serve


def reset(connection):
    """Hangs up with an RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                          struct.pack("ii", 1, 0))
    connection.close()


def resets(connection, _client):
    connection.recv(1)
    reset(connection)


class UdpServer:
    """Answers each datagram with `reply(data, client)`, or not at all."""

    def __init__(self, netns, at, reply=lambda data, client: data):
        family = socket.AF_INET6 if ":" in at[0] else socket.AF_INET
        with inside(netns):
            self._socket = socket.socket(family, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self._socket.bind(at)
        self.at = self._socket.getsockname()[:2]
        self.clients, self.seen = [], []
        self._reply, self._closed = reply, False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        with self._socket:
            while True:
                try:
                    data, client = self._socket.recvfrom(65536)
                except ConnectionError:
                    continue  # a client that went away
                if self._closed:
                    return
                self.clients.append(client[:2])
                self.seen.append(data)
                answer = self._reply(data, client)
                if answer is not None:
                    with contextlib.suppress(OSError):
                        self._socket.sendto(answer, client)

    def close(self):
        """A datagram to itself wakes it; the port is free afterwards."""
        self._closed = True
        with contextlib.suppress(OSError):
            self._socket.sendto(b"", self.at)
        self._thread.join(5)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass


class _Http(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, made, folder):
        super().__init__(made.getsockname()[:2],
                         functools.partial(_Quiet, directory=str(folder)),
                         bind_and_activate=False)
        self.socket.close()
        self.socket = made

    def handle_error(self, *_):
        pass


class WebServer:
    """The files of a folder, over HTTP/1.1."""

    def __init__(self, netns, at, folder):
        with inside(netns):
            made = tcp_socket(at)
        made.bind(at)
        made.listen(128)
        self.at = made.getsockname()[:2]
        self._server = _Http(made, folder)
        threading.Thread(target=self._server.serve_forever,
                         daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()
