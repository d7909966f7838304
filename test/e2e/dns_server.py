"""A name server of the world whose answers are whatever a test wants: over UDP
and TCP, on port 53, with just enough of the wire format (RFC 1035)."""

import socket
import struct

from namespaces import inside
from servers import Server, UdpServer

A, NS, SOA, PTR, MX, TXT, AAAA, SRV, ANY = 1, 2, 6, 12, 15, 16, 28, 33, 255
NOERROR, SERVFAIL, NXDOMAIN = 0, 2, 3
TRUNCATED = 0x0200


def name(text):
    labels = [label for label in text.strip(".").split(".") if label]
    return b"".join(bytes([len(label)]) + label.encode()
                    for label in labels) + b"\0"


def a(address):
    return A, socket.inet_pton(socket.AF_INET, address)


def aaaa(address):
    return AAAA, socket.inet_pton(socket.AF_INET6, address)


def txt(text):
    pieces = [text[at:at + 255] for at in range(0, len(text), 255)]
    return TXT, b"".join(bytes([len(p)]) + p.encode() for p in pieces)


def mx(preference, target):
    return MX, struct.pack("!H", preference) + name(target)


def srv(priority, weight, port, target):
    return SRV, struct.pack("!HHH", priority, weight, port) + name(target)


def ptr(target):
    return PTR, name(target)


def question(query):
    """The name and type of a query's one question, and where it ends."""
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode())
        at += 1 + query[at]
    kind, = struct.unpack_from("!H", query, at + 1)
    return ".".join(labels).lower(), kind, at + 5


def advertised(query):
    """How large a UDP answer the asker takes (EDNS), else 512."""
    _, _, end = question(query)
    if struct.unpack_from("!H", query, 10)[0] and query[end] == 0:
        kind, size = struct.unpack_from("!HH", query, end + 1)
        if kind == 41:
            return max(size, 512)
    return 512


def answer(query, records, rcode=NOERROR, flags=0):
    _, _, end = question(query)
    header = query[:2] + struct.pack(
        "!HHHHH", 0x8180 | flags | rcode, 1, len(records), 0, 0)
    body = b"".join(b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 60, len(data))
                    + data for kind, data in records)
    return header + query[12:end] + body


class NameServer:
    """`zone` maps a name to its records. `ask`, when set, is tried first with
    (query, over_tcp): it answers the bytes to send, b"" for silence, or None
    for the ordinary way. Every question is noted in `asked`."""

    def __init__(self, netns, address, zone):
        self.zone, self.ask, self.asked = zone, None, []
        self._udp = UdpServer(netns, (address, 53),
                              lambda query, _: self._reply(query, False))
        self._tcp = Server(netns, (address, 53), self._serve)

    def close(self):
        self._udp.close()
        self._tcp.close()

    def _serve(self, connection, _client):
        with connection.makefile("rb") as stream:
            while len(front := stream.read(2)) == 2:
                query = stream.read(int.from_bytes(front, "big"))
                if reply := self._reply(query, True):
                    connection.sendall(len(reply).to_bytes(2, "big") + reply)

    def _reply(self, query, over_tcp):
        asked, kind, _ = question(query)
        self.asked.append((asked, kind, "tcp" if over_tcp else "udp"))
        if self.ask:
            told = self.ask(query, over_tcp)
            if told is not None:
                return told or None
        if asked not in self.zone:
            return answer(query, [], NXDOMAIN)
        records = [record for record in self.zone[asked]
                   if kind in (ANY, record[0])]
        full = answer(query, records)
        if over_tcp or len(full) <= advertised(query):
            return full
        return answer(query, [], NOERROR, TRUNCATED)

    def questions(self, asked):
        return [entry for entry in self.asked if entry[0] == asked]


class Liar(UdpServer):
    """Sees queries and sends replies from wherever a test likes, for what
    must not be believed: `act(liar, query, client)`."""

    def __init__(self, netns, address, act):
        with inside(netns):
            self.other = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        super().__init__(netns, (address, 53),
                         lambda query, client: act(self, query, client))

    def send(self, reply, client):
        self._socket.sendto(reply, client)

    def close(self):
        super().close()
        self.other.close()
