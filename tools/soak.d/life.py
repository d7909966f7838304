"""The lives of the containers of one name: run, used by clients, stopped or
crashed, audited, and again."""

import os
import random
import signal
import socket
import threading

import client
import scenery
from audit import Traces
from control import Refused
from fire import Fire
from ground import ECHO
from namespaces import inside
from patience import FACTOR, eventually, now

DEADLINE = 60 * FACTOR
FIRST_PORT, PORTS_EACH = 20000, 100
COMMAND = ["python3", "-B", "/mnt/soak/inhabitant.py", "80,81,82,83",
           "90,91,92"]
GONE = "no_such_container"


def spec(proto, host, container, address=None):
    made = {"proto": proto, "host": list(host), "container": list(container)}
    return made | ({"host_ip": address} if address else {})


class Life(threading.Thread):
    def __init__(self, ground, number, phase):
        super().__init__(daemon=True, name=f"life {number}")
        self.ground, self.ledger = ground, ground.ledger
        self.rng = random.Random(
            f"{ground.ledger.seed} life {number} of phase {phase}")
        self.control = ground.control()
        # What costs flows, and what costs at most a request.
        self.fire, self.port_fire = Fire(), Fire()
        self._called, self._count = f"life{phase}{number}", 0
        self.base = FIRST_PORT + number * PORTS_EACH
        self.name, self.netns = None, None
        self.ending = threading.Event()
        self.ending.set()
        self._lock, self._flows = threading.Lock(), set()

    # ---- Flows, and who strikes them ----------------------------------------

    def begin(self, flow):
        """Notes it; False when it comes too late."""
        with self._lock:
            if self.ending.is_set():
                return False
            self._flows.add(flow)
            return self.fire.token()

    def opened(self, flow, token):
        with self._lock:
            if not flow.open:
                flow.open, flow.excused = True, self.fire.since(token)

    def forget(self, flow):
        with self._lock:
            self._flows.discard(flow)

    def open_flows(self):
        with self._lock:
            return {flow.source: flow for flow in self._flows if flow.open}

    def strike(self, flows=None):
        """These must end now, or else all that are open; answers them."""
        with self._lock:
            struck = [flow for flow in (self._flows if flows is None else flows)
                      if flow.open and flow.struck_at is None]
            for flow in struck:
                flow.struck_at = now()
            return struck

    def excuse(self, source):
        """It may end, or not: nobody knows whether it was the one."""
        with self._lock:
            for flow in self._flows:
                if flow.source == source:
                    flow.excused = True

    def missed(self, flows):
        with self._lock:
            for flow in flows:
                flow.struck_at, flow.excused = None, True

    # ---- A life --------------------------------------------------------------

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
        info = self.born()
        if info is None:
            return
        self.ledger.count("containers")
        netns = os.open(self.ground.host.proc(info["pid"]) / "ns/net",
                        os.O_RDONLY | os.O_CLOEXEC)
        try:
            self.netns = f"/proc/self/fd/{netns}"
            traces = Traces(self.ground, info, self.netns)
            for each in self.published:
                traces.publishes(each)
            self.live(traces, info["pid"])
        finally:
            os.close(netns)

    def born(self):
        self.published = [
            spec("tcp", (self.base, self.base), (80, 80)),
            spec("tcp", (self.base + 1, self.base + 2), (81, 82), "127.0.0.1"),
            spec("udp", (self.base + 5, self.base + 5), (90, 90)),
            spec("udp", (self.base + 6, self.base + 7), (91, 92))]
        peace = self.peace()
        try:
            return self.control.ask("run", spec={
                "name": self.name, "command": COMMAND,
                "publish": self.published})
        except Refused as why:
            if self.in_peace(peace):
                self.violation(str(why))
            self.ledger.count("never ran")
            self.be_gone()
            return None

    def live(self, traces, pid):
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
        how = self.rng.choice(["stop", "stop", "crash", "quit"])
        with self._lock:
            self.ending.set()
            for flow in self._flows:
                if flow.address[1] == ECHO:
                    flow.wake()
        self.end(how, pid)
        self.ledger.count(f"ended by {how}")
        self.ledger.count("audits")
        for left in traces.left():
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
        peace = self.peace()
        try:
            self.control.ask("publish", name=self.name, port=extra)
            self.ledger.count("published")
        except Refused as why:
            if self.in_peace(peace):
                self.violation(str(why))
        # Struck while it was published, it may be there or not.
        self.insist("unpublish", ("no_such_port", GONE), port=extra)

    # ---- The end -------------------------------------------------------------

    def end(self, how, pid):
        begun = now()
        if how == "stop":
            self.be_gone()
            self.ledger.stopped(now() - begun)
            return
        if how == "crash":
            self.ground.host.sh(f"kill -KILL {pid} || true")
        else:
            self.insist("signal", number=int(signal.SIGTERM))
        self.insist("wait")

    def be_gone(self):
        self.insist("stop")

    def insist(self, verb, enough=(GONE,), **what):
        """Until it is done, or there is nobody any more to whom to do it.
        Only a fire excuses another answer."""
        deadline = now() + DEADLINE
        while now() < deadline:
            peace = self.peace()
            try:
                return self.control.ask(verb, name=self.name, **what)
            except Refused as why:
                calm = self.in_peace(peace)
                if why.code in enough and (why.code != GONE
                                           or not self.lives()):
                    return None
                if calm:
                    return self.violation(f"{why} ({why.code})")
                threading.Event().wait(0.02)
        return self.violation(f"{verb} is not done within {DEADLINE} s")

    def lives(self):
        """Whether the supervisor still lists it; one that is being reborn is
        asked again."""
        def listed():
            try:
                return self.control.ask("list")
            except Refused:
                return None

        all_of_them = eventually(lambda: [listed()], 20)[0] or []
        return any(each["name"] == self.name and each["state"] != "exited"
                   for each in all_of_them)

    # ---- Peace ---------------------------------------------------------------

    def peace(self):
        return [fire.token() for fire in self.fires()]

    def in_peace(self, since):
        return not any(fire.since(token)
                       for fire, token in zip(self.fires(), since))

    def fires(self):
        return self.fire, self.port_fire, self.ground.fire
