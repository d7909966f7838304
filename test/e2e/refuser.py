"""Addresses that answer in ICMP: no such host, forbidden. nft's `reject` would
answer within the very call that sends the SYN, where the kernel takes the
answer for a soft error and tries again a second later. No real network is so
fast, so here a thread answers."""

import contextlib
import ctypes
import socket
import struct
import threading

from namespaces import inside

# Who answers what: (type, code) in ICMP and in ICMPv6.
ANSWERS = {
    "10.99.0.67": (3, 1), "fd99:99::67": (1, 3),
    "10.99.0.68": (3, 13), "fd99:99::68": (1, 1),
}
V4, V6 = 0x0800, 0x86DD
SO_ATTACH_FILTER = 26


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def lets_in(addresses):
    """A filter of the kernel's for packets to these: the world's bulk data
    would fill the buffer, and a question get lost. It looks at the last word
    of an address, where either family has it."""
    load, equal, give = 0x20, 0x15, 0x06
    lines = []
    for family, at in (socket.AF_INET, 16), (socket.AF_INET6, 36):
        lines.append((load, 0, 0, at))
        for address in addresses:
            if (":" in address) == (family == socket.AF_INET6):
                word = socket.inet_pton(family, address)[-4:]
                lines += [(equal, 0, 1, int.from_bytes(word, "big")),
                          (give, 0, 0, 0xFFFF)]
    return [*lines, (give, 0, 0, 0)]


def attach(wire, lines):
    program = ctypes.create_string_buffer(
        b"".join(struct.pack("=HBBI", *line) for line in lines))
    wire.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack(
        "HP", len(lines), ctypes.addressof(program)))


class Refuser:
    def __init__(self, netns):
        with inside(netns):
            self._wire = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM,
                                       socket.htons(3))
            attach(self._wire, lets_in(ANSWERS))
            self._v4 = socket.socket(socket.AF_INET, socket.SOCK_RAW,
                                     socket.IPPROTO_ICMP)
            self._v6 = socket.socket(socket.AF_INET6, socket.SOCK_RAW,
                                     socket.IPPROTO_ICMPV6)
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        while True:
            packet, where = self._wire.recvfrom(2048)
            if where[2] != socket.PACKET_HOST:
                continue
            with contextlib.suppress(OSError, struct.error):
                if where[1] == V4:
                    self._answer_v4(packet)
                elif where[1] == V6:
                    self._answer_v6(packet)

    def _answer_v4(self, packet):
        source, target = (socket.inet_ntop(socket.AF_INET, packet[at:at + 4])
                          for at in (12, 16))
        if target in ANSWERS:
            head, quoted = struct.pack("!BB", *ANSWERS[target]), packet[:28]
            body = head + bytes(6) + quoted
            body = head + struct.pack("!H", checksum(body)) + bytes(4) + quoted
            self._send(self._v4, target, source, body)

    def _answer_v6(self, packet):
        source, target = (socket.inet_ntop(socket.AF_INET6, packet[at:at + 16])
                          for at in (8, 24))
        if target in ANSWERS:
            # The kernel fills in the checksum.
            self._send(self._v6, target, source, struct.pack(
                "!BB6x", *ANSWERS[target]) + packet[:1200])

    @staticmethod
    def _send(raw, source, target, body):
        raw.bind((source, 0))
        raw.sendto(body, (target, 0))
