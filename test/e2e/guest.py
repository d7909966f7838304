"""What runs inside the containers of the tests: `guest.py VERB ARGUMENTS`.
It prints one line when it is ready, and one for all that happens."""

import os
import signal
import socket
import sys
import threading


def say(*words):
    print(*words, flush=True)


def own_ipv6():
    """This guest's global address, of the only interface that has one."""
    with open("/proc/net/if_inet6", encoding="ascii") as file:
        for line in file:
            digits, _, _, scope, _, _ = line.split()
            if scope == "00":
                return socket.inet_ntop(socket.AF_INET6, bytes.fromhex(digits))
    raise LookupError("no IPv6 address")


def made(kind, address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    fresh = socket.socket(family, kind)
    if kind == socket.SOCK_STREAM:
        fresh.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        fresh.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    return fresh


def each(connection, client, word):
    say("client", client[0])
    with connection:
        try:
            if word:
                connection.sendall(word)
            while data := connection.recv(65536):
                connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
        except OSError as why:
            say("lost", why.errno)


def listening(address, port):
    if address == "own-ipv6":
        address = own_ipv6()
    fresh = made(socket.SOCK_STREAM, address)
    fresh.bind((address, int(port)))
    fresh.listen(512)
    return fresh


def accept_all(server, word=b""):
    while True:
        connection, client = server.accept()
        threading.Thread(target=each, args=(connection, client, word),
                         daemon=True).start()


def tcp(address, *ports):
    """Greets each client with the port that it came to, then echoes."""
    for port in ports:
        threading.Thread(target=accept_all, daemon=True, args=(
            listening(address, port), f"{port}\n".encode())).start()
    say("ready")
    signal.pause()


def echo(address, port):
    server = listening(address, port)
    say("ready")
    accept_all(server)


def udp(address, *ports):
    """Echoes each datagram, with its port in front of short ones."""
    def answer(fresh, port):
        while True:
            data, client = fresh.recvfrom(65536)
            front = f"{port} ".encode() if len(data) < 1024 else b""
            fresh.sendto(front + data, client)

    for port in ports:
        fresh = made(socket.SOCK_DGRAM, address)
        fresh.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        fresh.bind((address, int(port)))
        threading.Thread(target=answer, args=(fresh, port),
                         daemon=True).start()
    say("ready")
    signal.pause()


def seen(client):
    """By which name, IPv4 without its disguise."""
    return f"{client[0].removeprefix('::ffff:')} {client[1]}\n".encode()


def who(address, *ports):
    """Tells each client of each port, TCP and UDP, by which name it is seen,
    and echoes what it says after that."""
    def answer(fresh):
        while True:
            data, client = fresh.recvfrom(65536)
            fresh.sendto(seen(client) + data, client)

    def accept(server):
        while True:
            connection, client = server.accept()
            threading.Thread(target=each, daemon=True, args=(
                connection, client, seen(client))).start()

    for port in ports:
        datagrams = made(socket.SOCK_DGRAM, address)
        datagrams.bind((address, int(port)))
        for serve, on in ((answer, datagrams),
                          (accept, listening(address, port))):
            threading.Thread(target=serve, args=(on,), daemon=True).start()
    say("ready")
    signal.pause()


def whole(connection, size):
    data = b""
    while len(data) < size:
        piece = connection.recv(size - len(data))
        if not piece:
            raise ConnectionError("an end in the middle of a header")
        data += piece
    return data


def proxied(address, port):
    """Expects the PROXY protocol, version 2, by the letter. Tells each client
    what its header says, its name and where it came to, and as whom it is
    connected."""
    def introduced(connection):
        start = whole(connection, 16)
        if start[:13] != b"\r\n\r\n\0\r\nQUIT\n\x21":
            raise ValueError(start)
        kind, size = start[13], int.from_bytes(start[14:], "big")
        family, length = {0x11: (socket.AF_INET, 4),
                          0x21: (socket.AF_INET6, 16)}[kind]
        if size != 2 * length + 4:
            raise ValueError(size)
        names, ports = whole(connection, 2 * length), whole(connection, 4)
        return [(socket.inet_ntop(family, names[i * length:][:length]),
                 int.from_bytes(ports[i * 2:][:2], "big")) for i in (0, 1)]

    server = listening(address, port)
    say("ready")
    while True:
        connection, peer = server.accept()
        try:
            source, destination = introduced(connection)
        except (OSError, ValueError, KeyError) as why:
            say("not introduced", repr(why))
            connection.close()
            continue
        threading.Thread(target=each, daemon=True, args=(
            connection, source,
            seen(source) + seen(destination) + seen(peer))).start()


def on_order(address, port):
    """Reads orders from stdin: listen, close. The process lives on."""
    server = None
    say("ready")
    for order in sys.stdin:
        if order == "listen\n":
            server = listening(address, port)
            threading.Thread(target=accept_all, daemon=True,
                             args=(server, b"open\n")).start()
        elif order == "close\n":
            # A thread in accept() keeps the socket until it is woken.
            server.shutdown(socket.SHUT_RDWR)
            server.close()
        say("done", order.strip())


def server_in_a_child(address, port):
    """The server is a child that dies when told; this process stays."""
    child = os.fork()
    if child == 0:
        echo(address, port)
    for _ in sys.stdin:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        say("killed")


def catch(*names):
    """Says which signals it gets; ends with 7 at the last that it waits for."""
    numbers = [getattr(signal, name) for name in names]
    signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
    say("ready")
    while True:
        number = signal.sigwait(numbers)
        say("got", signal.Signals(number).name)
        if number == numbers[-1]:
            sys.exit(7)


VERBS = {"tcp": tcp, "echo": echo, "udp": udp, "order": on_order,
         "child": server_in_a_child, "catch": catch, "who": who,
         "proxied": proxied}

if __name__ == "__main__":
    VERBS[sys.argv[1]](*sys.argv[2:])
