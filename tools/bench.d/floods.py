"""What a guest suffers of a flood that comes from another one: its p99 beside
that of the same quiet minute, by the kernel's own path, by Pier, and by peers
that have a process for each guest. The flood itself takes a processor from all
of them. The other guest asks without a pause, and again at a pace, as most do,
with its delays counted: who never rests keeps his processor awake, and of a bad
moment only one of his many questions tells. What a machine cannot help is how
long it takes to wake a processor that has rested a little: that is a row, too."""

import contextlib
import resource
import socket
import subprocess

import outward
import stage as around
from namespaces import inside
from patience import Impatience, eventually
from scenery import SILENT, WORLD
from stage import LOAD
from subjects import Subject

FIRST = 20_000  # of the ports that nobody has
SINK, UNREAD = 5010, 5011
IDLE, SLOW = 10_000, 200
BREATH = 96  # of the gateway's stores, in descriptors
WOKEN = "a rested processor is woken"
RESTED = 300  # microseconds
PACE = 500  # a second
WAYS = {"there and back": ("latency", 0),
        "new connections": ("handshakes", 0),
        f"there and back, {PACE} a second": ("latency", PACE),
        f"new connections, {PACE} a second": ("handshakes", PACE)}
# Where a flood takes one of two processors, not even the kernel's own path could
# promise anything to who asks at a pace.
PROMISED = [way for way, (_, rate) in WAYS.items() if rate == 0]
FLOODS = {
    "SYNs to closed ports": ("syns", WORLD[4], FIRST),
    "SYNs to a silent host": ("syns", SILENT[4], FIRST),
    "50,000 UDP flows": ("udp", WORLD[4], FIRST // 2),
    "10,000 idle connections": ("idle", WORLD[4], LOAD, IDLE),
    "slow readers": ("unread", WORLD[4], UNREAD, SLOW),
    "resets in the middle": ("resets", WORLD[4], LOAD),
    "full throttle": ("throttle", WORLD[4], SINK),
}
UNITS = {f"quiet, {way}": "µs p99" for way in WAYS}
UNITS |= {f"{flood}, {way}": "of quiet" for flood in FLOODS for way in WAYS}
UNITS |= {WOKEN: "µs p99"}
UNITS |= {"not given back": "MB", "descriptors not given back": ""}


class Pair:
    """A subject's two guests."""

    def entries(self):
        """Of the flooder, and of the other one."""
        return [self.entry] * 2

    def footprint(self):
        return None


class Kernel(Pair, Subject):
    name = "kernel"

    def __init__(self, stage):
        super().__init__(stage)
        self._guests = stage.cabled(10), stage.cabled(12)
        outward.translate(stage, 10, 12)

    def entries(self):
        return [guest.entry for guest in self._guests]


class Slirp(Pair, outward.Slirp):
    def __init__(self, stage):
        super().__init__(stage)
        self._other = outward.Slirp(stage)

    def entries(self):
        return [self.entry, self._other.entry]

    def close(self):
        self._other.close()
        super().close()


class Pasta(Pair, outward.Pasta):
    """Each program that it runs is a guest of its own."""


class Pier(Pair, Subject):
    name = "pier"

    def __init__(self, stage):
        super().__init__(stage)
        self._daemon = stage.person.start("pierd")
        self._daemon.until_said("\n")
        self._entries = [self._guest(name) for name in ("flooder", "other")]
        self._proc = stage.host.proc(self._daemon.inner_pid)

    def _guest(self, name):
        run = self.stage.person.run
        run("pier", "run", "-d", "--name", name, "--", "sh", "-c",
            "trap exit TERM; sleep infinity & wait")
        told = run("pier", "inspect", name).json()
        told = told[0] if isinstance(told, list) else told
        return ("nsenter", "-t", str(told["pid"]), "--net", "--")

    def entries(self):
        return self._entries

    def renew_flooder(self):
        self.stage.person.run("pier", "stop", "flooder")
        self._entries[0] = self._guest("flooder")

    def footprint(self):
        """Megabytes, and descriptors."""
        return (around.memory([self._proc]) / 1e6,
                len(list((self._proc / "fd").iterdir())))

    def close(self):
        self._daemon.kill()


ALL = (Kernel, Slirp, Pasta, Pier)


@contextlib.contextmanager
def servers(stage):
    """In the world: one reads all that comes, the other nothing."""
    own = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (own[1], own[1]))
    sink = subprocess.Popen(
        ["nsenter", "-t", str(stage.world.pid), "--net", "--", "python3", "-c",
         "import socket\n"
         f"s = socket.create_server(('{WORLD[4]}', {SINK}))\n"
         "while True:\n"
         "    c, _ = s.accept()\n"
         "    try:\n"
         "        while c.recv(1 << 20): pass\n"
         "    except OSError: pass\n"])
    with inside(stage.world.netns):
        unread = socket.create_server((WORLD[4], UNREAD), backlog=4096)
    try:
        eventually(lambda: reads(stage), 10)
        yield
    finally:
        unread.close()
        sink.kill()
        sink.wait()
        resource.setrlimit(resource.RLIMIT_NOFILE, own)


def reads(stage):
    with inside(stage.world.netns):
        socket.create_connection((WORLD[4], SINK), 2).close()
    return True


def suffered(subject, seconds):
    """p99 in microseconds, each way."""
    entry = subject.entries()[1]
    found = {}
    for way, (verb, rate) in WAYS.items():
        done = subject.person.run(
            *entry, "pier-load", verb, WORLD[4], LOAD, seconds, rate,
            within=seconds + 30)
        if done.status:
            raise OSError(done.err.strip())
        found[way] = done.json()["p99"]
    return found


@contextlib.contextmanager
def flooded(subject, flood):
    entry = subject.entries()[0]
    kind, address, port, *count = flood
    if kind == "idle":  # no guest has more than half of the descriptors
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        count = [min(count[0], most // 4 - 200)]
    program = subject.person.start(
        *entry, "python3", "-B", "/mnt/bench/flood.py", kind, address, port,
        *count, stdin=subprocess.PIPE)
    try:
        program.until_said("flooding", 60)
        yield
    finally:
        program.stdin.close()
        program.finish(60)


def measure(subject, flood, seconds):
    """{what: value} of one flood, its own quiet minute before it."""
    woken = subject.stage.person.run(
        "pier-load", "wake", "0.5", RESTED, within=30).json()["p99"]
    quiet = suffered(subject, seconds)
    rest = subject.footprint()
    with servers(subject.stage), flooded(subject, FLOODS[flood]):
        loud = suffered(subject, seconds)
    told = {f"quiet, {way}": value for way, value in quiet.items()}
    told[WOKEN] = woken
    told |= {f"{flood}, {way}": loud[way] / quiet[way] for way in WAYS}
    if rest:
        told |= given_back(subject, rest)
    return told


def given_back(subject, rest):
    """What is missing when the flooder has been stopped: dials to silence and
    UDP flows would go on for a minute or two."""
    subject.renew_flooder()
    with contextlib.suppress(Impatience):
        eventually(lambda: subject.footprint()[1] <= rest[1] + BREATH, 20)
    memory, descriptors = subject.footprint()
    return {"not given back": max(0.0, memory - rest[0]),
            "descriptors not given back": max(0, descriptors - rest[1] - BREATH)}
