"""The lives of the containers of one name: run, used by clients, stopped or
crashed, audited, and again."""

import os
import random
import socket
import threading

import client
import homes
import scenery
from asker import DEADLINE, GONE, Asker
from audit import Traces
from fire import Fire
from flows import Flows
from ground import ECHO
from namespaces import inside
from patience import eventually, now

FIRST_PORT, PORTS_EACH = 20000, 100


def spec(proto, host, container, address=None):
    made = {"proto": proto, "host": list(host), "container": list(container)}
    return made | ({"host_ip": address} if address else {})


class Life(threading.Thread):
    def __init__(self, ground, number, phase):
        super().__init__(daemon=True, name=f"life {number}")
        self.ground, self.ledger = ground, ground.ledger
        self.rng = random.Random(
            f"{ground.ledger.seed} life {number} of phase {phase}")
        # What costs flows, and what costs at most a request.
        self.fire, self.port_fire = Fire(), Fire()
        self.flows = Flows(self.fire)
        self.asker = Asker(ground.control(), self.violation,
                           (self.fire, self.port_fire, ground.fire))
        self.number, self.home = number, None
        self._called, self._count = f"life{phase}{number}", 0
        self.base = FIRST_PORT + number * PORTS_EACH
        self.name, self.netns = None, None

    @property
    def ending(self):
        return self.flows.ending

    def run(self):
        while not self.ground.over.is_set():
            try:
                self.once()
            except (OSError, AssertionError, LookupError) as why:
                self.violation(f"{type(why).__name__}: {why}")
            finally:
                self.ending.set()
            self.ground.over.wait(self.rng.uniform(0, 1))

    def violation(self, what):
        self.ledger.violation(self.name, what)

    def once(self):
        self._count += 1
        # A name comes again now and then.
        self.name = f"{self._called}-{self._count % 50}"
        self.home = homes.of(self.number, self.ground)
        try:
            info = self.born()
            if info is None:
                return
            self.ledger.count("containers")
            self.home.moved_in(info)
            self.within(info)
        finally:
            self.home.close()

    def within(self, info):
        netns = os.open(self.ground.host.proc(self.home.pid) / "ns/net",
                        os.O_RDONLY | os.O_CLOEXEC)
        try:
            self.netns = f"/proc/self/fd/{netns}"
            traces = Traces(self.ground, info, self.netns)
            for each in self.published:
                traces.publishes(each)
            self.live(traces)
        finally:
            os.close(netns)

    def born(self):
        self.published = [
            spec("tcp", (self.base, self.base), (80, 80)),
            spec("tcp", (self.base + 1, self.base + 2), (81, 82), "127.0.0.1"),
            spec("udp", (self.base + 5, self.base + 5), (90, 90)),
            spec("udp", (self.base + 6, self.base + 7), (91, 92))]
        info = self.asker.ask("run", spec=self.home.spec() | {
            "name": self.name, "publish": self.published})
        if info is None:
            self.ledger.count("never ran")
            self.asker.insist("stop", self.name)
        return info

    def live(self, traces):
        eventually(self.greets, 60, f"{self.name} serves")
        self.ending.clear()
        clients = self.clients()
        for each in clients:
            each.start()
        end = now() + self.rng.uniform(2, 10)
        while now() < end and not self.ground.over.is_set():
            self.ground.over.wait(self.rng.uniform(0.1, 2))
            if self.rng.random() < 0.4:
                self.publish_one_more(traces)
        how = self.rng.choice(self.home.ways)
        # A guest's own sockets end with it; its clients' must be ended.
        self.flows.end(lambda flow: flow.address[1] == ECHO)
        took = self.home.end(how, self.name, self.asker)
        if took is not None:
            self.ledger.stopped(self.home.kind, took)
            if took > self.home.slowest_stop:
                self.violation(f"its stop took {took:.1f} s")
        self.ledger.count(f"ended by {how}")
        self.ledger.count("audits")
        for left in self.home.left(traces):
            self.violation(f"after its {how}: {left}")
        for each in clients:
            each.join(DEADLINE)
            if each.is_alive():
                self.violation(f"{each.name} does not end")

    def greets(self):
        for offset, greeting in enumerate((b"80\n", b"81\n", b"82\n")):
            with inside(self.ground.host.netns):
                probe = socket.create_connection(
                    ("127.0.0.1", self.base + offset), 10)
            with probe:
                if probe.recv(8) != greeting:
                    return False
        return True

    def clients(self):
        base, rng = self.base, self.rng
        inward = rng.sample([
            ("127.0.0.1", base, 80), ("::1", base, 80),
            (scenery.HOST[4], base, 80), ("127.0.0.1", base + 1, 81),
            ("127.0.0.1", base + 2, 82)], 2)
        own = random.Random(rng.random())
        made = [client.Tcp(self, client.IN, (address, port),
                           b"%d\n" % greeting, random.Random(own.random()))
                for address, port, greeting in inward]
        made += [client.Tcp(self, client.OUT, (address, ECHO), b"",
                            random.Random(own.random()))
                 for address in scenery.WORLD.values()]
        made += [kind(self, way, at, random.Random(own.random()))
                 for kind, way, at in (
                     (client.Datagrams, client.IN,
                      ("127.0.0.1", base + rng.choice([5, 6, 7]))),
                     (client.Datagrams, client.OUT,
                      (scenery.WORLD[rng.choice([4, 6])], ECHO)),
                     (client.Names, client.OUT, ("192.168.65.1", 53)))]
        return made

    def publish_one_more(self, traces):
        extra = spec("tcp", (self.base + 9, self.base + 9), (83, 83))
        traces.publishes(extra)
        if self.asker.ask("publish", name=self.name, port=extra) is not None:
            self.ledger.count("published")
        # Struck while it was published, it may be there or not.
        self.asker.insist("unpublish", self.name, ("no_such_port", GONE),
                          port=extra)
