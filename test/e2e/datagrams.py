"""A client of UDP, and one that pings: verbs of probe.py."""

import os
import select
import socket
import struct
import uuid

from errors import RECVERR, reported
from fates import PATIENCE
from patience import now


def family_of(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def answer(one, is_mine, within=PATIENCE):
    """None when nothing comes."""
    watch = select.poll()
    watch.register(one, select.POLLIN)
    deadline = now() + within
    while (left := deadline - now()) > 0:
        for _, events in watch.poll(left * 1000):
            if events & select.POLLERR:
                return reported(one)
            if is_mine(one.recv(70000)):
                return "answered"
    return None


def sent(one, address, port, data):
    """The next call on a socket tells an old error: send() may, too. A raw one
    that is not connected yet would hear what others are told."""
    one.connect((address, int(port)))
    one.setsockopt(*RECVERR[one.family], 1)
    one.send(data)


def datagram(address, port, size):
    with socket.socket(family_of(address), socket.SOCK_DGRAM) as one:
        data = os.urandom(int(size))
        sent(one, address, port, data)
        word = answer(one, lambda came: came == data)
    return word or "silence"


def ping(address):
    """By an unprivileged socket where that is allowed."""
    family = family_of(address)
    proto, request, reply = ((socket.IPPROTO_ICMP, 8, 0)
                             if family == socket.AF_INET else
                             (socket.IPPROTO_ICMPV6, 128, 129))
    try:
        one = socket.socket(family, socket.SOCK_DGRAM, proto)
    except PermissionError:
        one = socket.socket(family, socket.SOCK_RAW, proto)
    mark = uuid.uuid4().bytes
    head = struct.pack("!BBHHH", request, 0, 0, os.getpid() & 0xFFFF, 1)
    if family == socket.AF_INET:
        words = struct.unpack(f"!{(len(head) + len(mark)) // 2}H", head + mark)
        total = sum(words)
        total = (total & 0xFFFF) + (total >> 16)
        total = ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF
        head = struct.pack("!BBHHH", request, 0, total,
                           os.getpid() & 0xFFFF, 1)
    with one:
        sent(one, address, 0, head + mark)
        # A raw socket shows our own requests of the loopback, too.
        return answer(one, lambda came: came.endswith(mark) and came[
            -len(mark) - 8] == reply) or "silence"
