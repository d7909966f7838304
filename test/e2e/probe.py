"""A client that asks how the network treats it: `probe.py QUESTIONS`, JSON of
{question: [verb, argument...]}. It asks them all at once and prints JSON of
{question: a word or two}. The other end is fates.py, or nobody."""

import errno
import json
import os
import select
import socket
import struct
import sys
import threading
import time
import uuid

from fates import linger, reset

PATIENCE = 3.0
BULK = 200000  # more than the buffers of a lazy relay's first read

ERRNO = {errno.ECONNREFUSED: "refused", errno.EHOSTUNREACH: "unreachable",
         errno.ENETUNREACH: "no network", errno.EACCES: "prohibited",
         errno.EMSGSIZE: "too long", errno.ECONNRESET: "RST",
         errno.ENOPROTOOPT: "no protocol"}
# Of ICMP and of ICMPv6: what the destination's absence is called there.
ICMP = {(4, 3, 0): "no network", (4, 3, 1): "unreachable",
        (4, 3, 3): "refused", (4, 3, 13): "prohibited",
        (6, 1, 0): "no network", (6, 1, 1): "prohibited",
        (6, 1, 3): "unreachable", (6, 1, 4): "refused"}
RECVERR = {socket.AF_INET: (socket.IPPROTO_IP, 11),
           socket.AF_INET6: (socket.IPPROTO_IPV6, 25)}
FROM_HERE = 1  # SO_EE_ORIGIN_LOCAL


def family_of(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def called(why):
    if isinstance(why, TimeoutError):
        return "silence"
    return ERRNO.get(why.errno, errno.errorcode.get(why.errno, "?"))


# ---- TCP ---------------------------------------------------------------------

def dialled(address, port):
    return socket.create_connection((address, int(port)), PATIENCE)


def connect(address, port):
    """Where nobody is: who accepts all the same has spoken too soon."""
    with dialled(address, port) as one:
        try:
            return "accepts, " + ("FIN" if one.recv(1) == b"" else "talks")
        except OSError as why:
            return "accepts, " + called(why)


def asked(address, port, verb, token=""):
    one = dialled(address, port)
    one.sendall(f"{verb} {token}\n".encode())
    return one


def all_of(one):
    data = b""
    while piece := one.recv(65536):
        data += piece
    return data


def seen(address, port, token):
    """What the server saw of the client of that token."""
    with asked(address, port, "tell", token) as one:
        return all_of(one).decode()


def whoami(address, port):
    with asked(address, port, "whoami", "-") as one:
        return all_of(one).decode() or "lost"


def half_close_by_client(address, port):
    with asked(address, port, "count", "-") as one:
        try:
            one.sendall(bytes(BULK))
            one.shutdown(socket.SHUT_WR)
            return "kept" if all_of(one) == b"%d" % BULK else "lost"
        except OSError:
            return "lost"


def half_close_by_server(address, port):
    token = uuid.uuid4().hex
    with asked(address, port, "finish", token) as one:
        try:
            if all_of(one) != b"x":
                return "lost"
            linger(one)
            one.sendall(bytes(BULK))
            one.shutdown(socket.SHUT_WR)
        except OSError:
            return "lost"
        return "kept" if seen(address, port, token) == str(BULK) else "lost"


def reset_by_client(address, port):
    token = uuid.uuid4().hex
    one = asked(address, port, "watch", token)
    if one.recv(1) != b"x":
        return "lost"
    reset(one)
    return seen(address, port, token)


def reset_by_server(address, port):
    with asked(address, port, "reset", "-") as one:
        return "FIN" if one.recv(1) == b"" else "data"


# ---- Datagrams ---------------------------------------------------------------

def reported(one):
    """The error that the network sent, or this kernel of its own accord."""
    _, attached, _, _ = one.recvmsg(0, 512, socket.MSG_ERRQUEUE)
    for level, kind, data in attached:
        if (level, kind) == RECVERR[one.family]:
            number, origin, what, code = struct.unpack_from("=IBBB", data)
            if origin == FROM_HERE:
                return ERRNO.get(number, errno.errorcode[number])
            key = (4 if one.family == socket.AF_INET else 6, what, code)
            return ICMP.get(key, f"ICMP {what}/{code}")
    return "?"


def answer(one, is_mine, within=PATIENCE):
    """None when nothing comes."""
    watch = select.poll()
    watch.register(one, select.POLLIN)
    deadline = time.monotonic() + within
    while (left := deadline - time.monotonic()) > 0:
        for _, events in watch.poll(left * 1000):
            if events & select.POLLERR:
                return reported(one)
            if is_mine(one.recv(70000)):
                return "answered"
    return None


def sent(one, address, port, data):
    """The next call on a socket tells an old error: send() may, too."""
    one.setsockopt(*RECVERR[one.family], 1)
    one.connect((address, int(port)))
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


VERBS = {act.__name__: act for act in (
    connect, whoami, half_close_by_client, half_close_by_server,
    reset_by_client, reset_by_server, datagram, ping)}


def put(verb, *arguments):
    try:
        return VERBS[verb](*arguments)
    except OSError as why:
        return called(why)


def all_at_once(questions):
    answers = {}
    threads = [threading.Thread(
        target=lambda what=what, words=words: answers.update(
            {what: put(*words)}), daemon=True)
        for what, words in questions.items()]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 4 * PATIENCE
    for thread in threads:
        thread.join(max(0, deadline - time.monotonic()))
    return {what: answers.get(what, "no end") for what in questions}


if __name__ == "__main__":
    print(json.dumps(all_at_once(json.loads(sys.argv[1]))), flush=True)
    os._exit(0)  # whoever has found no end is not waited for
