"""A pcapng file, read block by block (draft-ietf-opsawg-pcapng)."""

import dataclasses
import socket
import struct

SECTION, INTERFACE, STATISTICS, PACKET = 0x0A0D0D0A, 1, 5, 6


@dataclasses.dataclass
class Packet:
    nanoseconds: int
    length: int
    data: bytes
    inbound: bool

    def addresses(self):
        """Of an IP packet, source and destination; else nothing."""
        kind, = struct.unpack_from("!H", self.data, 12)
        if kind == 0x0800:
            return tuple(socket.inet_ntop(socket.AF_INET, self.data[i:i + 4])
                         for i in (26, 30))
        if kind == 0x86DD:
            return tuple(socket.inet_ntop(socket.AF_INET6, self.data[i:i + 16])
                         for i in (22, 38))
        return ()

    def ports(self):
        """Of TCP and UDP over IPv4."""
        start = 14 + (self.data[14] & 15) * 4
        return struct.unpack_from("!HH", self.data, start)


class Capture:
    """Every length is checked; `packets` are those of the file, in order."""

    def __init__(self, raw):
        self.packets, self.section, self.interface = [], {}, {}
        self.received = self.dropped = None
        while raw:
            kind, size = struct.unpack_from("=II", raw)
            body, end = raw[8:size - 4], raw[size - 4:size]
            if struct.unpack("=I", end) != (size,):
                raise ValueError(f"a block of type {kind} is cut")
            self._take(kind, body)
            raw = raw[size:]

    def _take(self, kind, body):
        if kind == SECTION:
            self.section = options(body[16:])
        elif kind == INTERFACE:
            self.interface = options(body[8:])
        elif kind == PACKET:
            _, high, low, size, length = struct.unpack_from("=5I", body)
            flags = options(body[20 + (size + 3) // 4 * 4:])[2]
            self.packets.append(Packet((high << 32) + low, length,
                                       body[20:20 + size],
                                       struct.unpack("=I", flags) == (1,)))
        elif kind == STATISTICS:
            counts = options(body[12:])
            self.received, = struct.unpack("=Q", counts[4])
            self.dropped, = struct.unpack("=Q", counts[5])

    def of(self, *addresses):
        """Packets from or to one of these."""
        return [each for each in self.packets
                if set(addresses) & set(each.addresses())]


def options(raw):
    found = {}
    while raw:
        code, size = struct.unpack_from("=HH", raw)
        if code == 0:
            break
        found[code] = raw[4:4 + size]
        raw = raw[4 + (size + 3) // 4 * 4:]
    return found
