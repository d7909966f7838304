"""Floods, each from one guest: `flood.py KIND ADDRESS PORT [COUNT]`. It says
"flooding" when it is at it, and goes on until its input ends."""

import contextlib
import itertools
import resource
import select
import socket
import struct
import sys

PIECE = bytes(50_000)
FLOWS = 50_000


def over():
    return bool(select.select([sys.stdin], [], [], 0)[0])


def until_over(once):
    print("flooding", flush=True)
    for number in itertools.count():
        if number % 64 == 0 and over():
            return
        once(number)


def nonblocking():
    fresh = socket.socket()
    fresh.setblocking(False)
    return fresh


def connected(address, port):
    """Whoever cannot be had says so, instead of waiting for ever."""
    fresh = socket.create_connection((address, port), 20)
    fresh.settimeout(None)
    return fresh


def syns(address, port, _):
    """To one port after the other, from there on."""
    def once(number):
        with nonblocking() as probe:
            probe.connect_ex((address, port + number % 10_000))
    until_over(once)


def udp(address, port, _):
    """Each datagram is a flow, until all that there are have begun."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        def once(number):
            with contextlib.suppress(OSError):
                one.sendto(b"flood", (address, port + number % FLOWS))
        until_over(once)


def idle(address, port, count):
    held = [connected(address, port) for _ in range(count)]
    print("flooding", flush=True)
    sys.stdin.read()
    for each in held:
        reset(each)


def unread(address, port, count):
    """Whoever is at the other end does not read."""
    held = [connected(address, port) for _ in range(count)]
    for each in held:
        each.setblocking(False)

    def once(number):
        with contextlib.suppress(BlockingIOError):
            held[number % count].send(PIECE)
    until_over(once)
    for each in held:
        reset(each)


def resets(address, port, _):
    def once(number):
        one = connected(address, port)
        one.setblocking(False)
        with contextlib.suppress(OSError):
            one.send(PIECE[:number % 5 * 10_000])
        reset(one)
    until_over(once)


def throttle(address, port, _):
    """As much as goes through one connection."""
    one = connected(address, port)
    until_over(lambda _: one.sendall(PIECE))
    reset(one)


def reset(one):
    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                   struct.pack("ii", 1, 0))
    one.close()


KINDS = {each.__name__: each
         for each in (syns, udp, idle, unread, resets, throttle)}

if __name__ == "__main__":
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    kind, where, number, *more = sys.argv[1:]
    KINDS[kind](where, int(number), int(more[0]) if more else 0)
