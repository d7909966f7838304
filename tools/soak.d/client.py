"""Clients of a container, each a thread: one flow after the other, or one
datagram after the other, until the container ends."""

import socket
import struct
import threading

import dns_server
from flow import PROMPT, Flow, Wrong
from namespaces import inside
from patience import now

TRIES, PATIENCE = 10, 2.0
IN, OUT = "in", "out"


class Client(threading.Thread):
    def __init__(self, life, name, rng):
        super().__init__(daemon=True, name=name)
        self.life, self.ledger, self.rng = life, life.ground.ledger, rng

    def run(self):
        while not self.life.ending.is_set():
            try:
                self.once()
            except Wrong as why:
                self.violation(str(why))
            self.pause(0.2)

    def pause(self, longest):
        self.life.ending.wait(self.rng.uniform(0.01, longest))

    def violation(self, what):
        self.ledger.violation(f"{self.life.name} {self.name}", what)


class Tcp(Client):
    """`way` in: from the host to a published port; out: to the world."""

    def __init__(self, life, way, address, greeting, rng):
        super().__init__(life, f"tcp {way} {address[0]} {address[1]}", rng)
        self.way, self.address, self.greeting = way, address, greeting

    def netns(self):
        ground = self.life.ground
        return ground.host.netns if self.way == IN else self.life.netns

    def once(self):
        flow = Flow(self.netns(), self.address, self.rng)
        token = self.life.flows.begin(flow)
        if token is False:
            return flow.close()
        try:
            flow.connect(self.greeting)
            rounds = self.rng.choice([1, 1, 2, 3, 10, 50, 1000])
            while rounds and not self.life.ending.is_set():
                self.ledger.count("bytes", flow.round())
                self.ledger.count("rounds")
                self.life.flows.opened(flow, token)
                rounds -= 1
                if flow.outlived():
                    self.ledger.count("outlived")
                    self.violation("lives on though it was struck")
                    break
                self.pause(0.2)
            if self.life.ending.is_set():
                self.at_the_end(flow)
            elif flow.struck_at is None:
                flow.hang_up()
            self.ledger.count("connections")
        except OSError as why:
            self.judge(flow, token, why)
        finally:
            self.life.flows.forget(flow)
            flow.close()

    def at_the_end(self, flow):
        """A guest's own sockets end with it. Its clients' are ended."""
        if self.way == IN:
            flow.wait_for_the_end()

    def judge(self, flow, token, why):
        """It broke. Was it struck, or caught by a strike at its elders?"""
        if isinstance(why, TimeoutError) and not flow.let_go:
            self.violation(f"hangs after {PROMPT} s, open: {flow.open}, "
                           f"struck: {flow.struck_at is not None}")
        elif flow.struck_at is not None:
            self.ledger.count("struck")
        elif self.life.ending.is_set() or flow.let_go:
            self.ledger.count("ended")
        elif flow.excused or (not flow.open and self.life.fire.since(token)):
            self.ledger.count("caught")
        else:
            self.ledger.count("died in peace")
            self.violation(f"{flow.source} broke in peace: {why}, "
                           f"open: {flow.open}")


class Datagrams(Client):
    """Asks and asks again, as those do who use UDP: what is struck may cost
    an answer, but not the next ones."""

    def __init__(self, life, way, address, rng):
        super().__init__(life, f"udp {way} {address[0]} {address[1]}", rng)
        self.way, self.address = way, address
        self._serial = rng.randrange(1 << 16)

    def once(self):
        ground = self.life.ground
        family = socket.AF_INET6 if ":" in self.address[0] else socket.AF_INET
        with inside(ground.host.netns if self.way == IN else self.life.netns):
            asker = socket.socket(family, socket.SOCK_DGRAM)
        with asker:
            asker.settimeout(PATIENCE)
            for _ in range(self.rng.randrange(1, 10)):
                if not self.is_answered(asker):
                    return
                self.pause(0.3)

    def is_answered(self, asker):
        for _ in range(TRIES):
            self._serial += 1
            said = self.question()
            deadline = now() + PATIENCE
            try:
                asker.sendto(said, self.address)
                while now() < deadline:
                    if self.is_answer(said, asker.recv(65536)):
                        return True
            except OSError:
                # Nothing, or an error of the port's: it comes again.
                if self.life.ending.wait(0.1):
                    return False
            self.ledger.count("again")
        if not self.life.ending.is_set():
            self.violation(f"no answer to {TRIES} datagrams")
        return False

    def question(self):
        return (struct.pack("!Q", self._serial)
                + self.rng.randbytes(self.rng.randrange(1, 1400)))

    def is_answer(self, said, heard):
        if heard[:8] != said[:8]:
            return False  # to an earlier one
        if heard != said:
            raise Wrong("the datagram is not what was said")
        self.ledger.count("datagrams")
        return True


class Names(Datagrams):
    """Every name is new, and its address is told by the name."""

    def question(self):
        number = struct.pack("!H", self._serial % 65536)
        return (number + struct.pack("!HHHHH", 0x0100, 1, 0, 0, 0)
                + dns_server.name(f"n{self.rng.randrange(1 << 24)}.soak.test")
                + struct.pack("!HH", dns_server.A, 1))

    def is_answer(self, said, heard):
        if heard[:2] != said[:2]:
            return False
        if heard[3] & 15 == dns_server.SERVFAIL:
            raise ConnectionError("an upstream that did not answer in time")
        if heard[-4:] != address_of(dns_server.question(said)[0]):
            raise Wrong("a name has another's address")
        self.ledger.count("names")
        return True


def address_of(name):
    """n1234.soak.test: four bytes that nobody else has."""
    return struct.pack("!I", (10 << 24) + int(name.partition(".")[0][1:]))


def answer(query, _over_tcp):
    """For a NameServer of the world."""
    asked, kind, _ = dns_server.question(query)
    if kind == dns_server.A and asked.endswith(".soak.test"):
        return dns_server.answer(query, [(dns_server.A, address_of(asked))])
    return None
