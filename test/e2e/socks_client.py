"""A client of SOCKS version 5, as RFC 1928 and RFC 1929 have it, for what no
program of Debian's says."""

import ipaddress
import socket
import struct


class SocksError(Exception):
    """`status`: of the reply; None: it did not come to that."""

    def __init__(self, text, status=None):
        super().__init__(text)
        self.status = status


def address(host, port):
    try:
        ip = ipaddress.ip_address(host)
        return bytes([1 if ip.version == 4 else 4]) + ip.packed + \
            struct.pack("!H", port)
    except ValueError:
        name = host.encode()
        return bytes([3, len(name)]) + name + struct.pack("!H", port)


class Socks:
    """Connects and says who it is; then one command."""

    def __init__(self, at, user=None, password=None):
        self.at = at
        self.socket = socket.create_connection(at, 20)
        self._who = (user, password) if user else None

    def close(self):
        self.socket.close()

    def _take(self, size):
        got = b""
        while len(got) < size:
            piece = self.socket.recv(size - len(got))
            if not piece:
                raise SocksError(f"an end after {got!r}")
            got += piece
        return got

    def _greet(self):
        self.socket.sendall(b"\5\1\2" if self._who else b"\5\1\0")
        chosen = self._take(2)
        if chosen == b"\5\xff":
            raise SocksError("no method")
        if not self._who:
            return
        user, password = (text.encode() for text in self._who)
        self.socket.sendall(b"\1" + bytes([len(user)]) + user
                            + bytes([len(password)]) + password)
        if self._take(2)[1]:
            raise SocksError("a wrong login")

    def _reply(self):
        version, status, _, kind = self._take(4)
        size = {1: 4, 4: 16}[kind]
        ip = ipaddress.ip_address(self._take(size))
        port, = struct.unpack("!H", self._take(2))
        if version != 5 or status:
            raise SocksError(f"status {status}", status)
        return str(ip), port

    def _command(self, number, host, port):
        self._greet()
        self.socket.sendall(bytes([5, number, 0]) + address(host, port))
        return self._reply()

    def connect(self, host, port):
        self._command(1, host, port)
        return self.socket

    def bind(self, host, port):
        """Where the other side is to come."""
        return self._command(2, host, port)

    def bound(self):
        """Who has come."""
        return self._reply()

    def associate(self):
        return Association(self, self._command(3, "0.0.0.0", 0))

    def take_all(self):
        got = b""
        while piece := self.socket.recv(4096):
            got += piece
        return got


class Association:
    def __init__(self, control, to):
        self.control, self.to = control, to
        family = socket.AF_INET6 if ":" in to[0] else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_DGRAM)
        self.socket.settimeout(10)

    def close(self):
        self.socket.close()
        self.control.close()

    def twin(self):
        """Somebody else of this host, who knows the way."""
        return Association(self.control, self.to)

    def send_raw(self, data):
        self.socket.sendto(data, self.to)

    def send(self, host, port, data, fragment=0):
        self.send_raw(bytes([0, 0, fragment]) + address(host, port) + data)

    def receive(self):
        data = self.socket.recv(65536)
        size = {1: 4, 4: 16}[data[3]]
        ip = ipaddress.ip_address(data[4:4 + size])
        port, = struct.unpack("!H", data[4 + size:6 + size])
        return data[6 + size:], (str(ip), port)
