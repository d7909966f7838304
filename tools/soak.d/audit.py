"""What may be left of a container when its stop has been answered: nothing.
Read from the kernel, not from Pier."""

import contextlib
import os
import socket

from namespaces import inside
from patience import eventually

LISTEN, TABLES = "0A", {"tcp": "tcp", "tcp6": "tcp", "udp": "udp",
                        "udp6": "udp"}


class Traces:
    """By what a container will be known when it is gone."""

    def __init__(self, ground, info, netns):
        self.ground, self.pid = ground, info["pid"]
        self.netns, self.inode = netns, os.stat(netns).st_ino
        self.ports = set()
        self.link = eventually(
            lambda: links(ground)[f"veth{info['address']['link']}"], 20)

    def publishes(self, spec):
        first, last = spec["host"]
        self.ports |= {(spec["proto"], port)
                       for port in range(first, last + 1)}

    def left(self, residents_may_stay=False):
        """What is still there, in words."""
        found = [f"{proto} port {port} is still open" for proto, port
                 in sorted(self.ports & open_ports(self.ground.host))]
        found += [f"{proto} port {port} cannot be bound: {why}"
                  for proto, port in sorted(self.ports)
                  if (why := unbindable(self.ground.host, proto, port))]
        if not residents_may_stay:
            found += [f"process {pid} lives on: {words}" for pid, words
                      in residents(self.ground.host, self.inode)]
        if self.pid and self.ground.host.proc(self.pid).exists():
            found.append(f"its command, process {self.pid}, lives on")
        there = eventually(lambda: links(self.ground), 20)
        found += [f"link {name} is still there" for name, index
                  in there.items() if index == self.link]
        return found


def links(ground):
    """Of the gateway: {name: index}. An index is never used twice."""
    keeper = ground.keepers()[0]
    with inside(keeper / "ns/net"):
        return {name: index for index, name in socket.if_nameindex()}


def open_ports(host):
    """(protocol, port) of all that listens in the host's namespace, or is
    bound and takes anybody's datagrams."""
    found = set()
    for table, proto in TABLES.items():
        with open(f"/proc/{host.pid}/net/{table}", encoding="ascii") as file:
            for line in file.readlines()[1:]:
                _, local, _, state, *_ = line.split()
                if proto == "udp" or state == LISTEN:
                    found.add((proto, int(local.rpartition(":")[2], 16)))
    return found


def unbindable(host, proto, port):
    """Why nobody can have the port; as servers ask who mind no older
    connection."""
    kind = socket.SOCK_STREAM if proto == "tcp" else socket.SOCK_DGRAM
    for family, anywhere in ((socket.AF_INET, "0.0.0.0"),
                             (socket.AF_INET6, "::")):
        with inside(host.netns):
            probe = socket.socket(family, kind)
        with probe:
            if proto == "tcp":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            try:
                probe.bind((anywhere, port))
            except OSError as why:
                return f"{anywhere}: {why}"
    return None


def residents(host, inode):
    """Those who live in a network namespace."""
    for pid in host.pids():
        with contextlib.suppress(OSError):
            entry = host.proc(pid)
            if os.stat(entry / "ns/net").st_ino == inode:
                yield pid, (entry / "cmdline").read_bytes()
