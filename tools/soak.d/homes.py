"""Where a container of the soak lives: what is asked of Pier for it, whose
process it is, and how it may end."""

import signal
import socket

from namespaces import inside
from patience import FACTOR, now

TCP, UDP = "80,81,82,83", "90,91,92"
INHABITANT = ["python3", "-B", "/mnt/soak/inhabitant.py", TCP, UDP]
GRACE = 10.0  # seconds that Pier gives a command
AFTER = 15 * FACTOR  # it has ended, and is cleared away


class Ours:
    """A command that Pier runs."""

    kind, command = "ours", INHABITANT
    ways = ("stop", "stop", "crash", "quit")
    slowest_stop = GRACE + AFTER

    def __init__(self, ground):
        self.ground, self.pid = ground, None

    def spec(self):
        return {"command": self.command}

    def moved_in(self, info):
        self.pid = info["pid"]

    def end(self, how, name, asker):
        """Ends it in one of its ways; a stop answers how long it took."""
        begun = now()
        if how == "stop":
            asker.insist("stop", name)
            return now() - begun
        if how == "crash":
            self.ground.host.sh(f"kill -KILL {self.pid} || true")
        else:
            asker.insist("signal", name, number=int(signal.SIGTERM))
        asker.insist("wait", name)
        return None

    def left(self, traces):
        return traces.left()

    def close(self):
        pass


class Deaf(Ours):
    """It hears no SIGTERM: its stop takes all the grace there is."""

    kind, command = "deaf", [*INHABITANT, "deaf"]
    ways = ("stop", "stop", "crash")


class Attached(Ours):
    """A namespace with a process of somebody else's, which outlives a stop."""

    kind = "attached"
    ways = ("stop", "stop", "crash")

    def __init__(self, ground):
        super().__init__(ground)
        self._program = ground.person.start(
            "unshare", "--net", "sh", "-c", "ip link set lo up; echo up; "
            f"exec {' '.join(INHABITANT)}")
        self._program.until_said("up")
        self.pid = self._program.inner_pid

    def spec(self):
        return {"netns": str(self.pid)}

    def moved_in(self, info):
        pass

    def left(self, traces):
        found = traces.left(residents_may_stay=self._program.running)
        with inside(traces.netns):
            links = [name for _, name in socket.if_nameindex()]
        return found + [f"{link} is plugged in still"
                        for link in links if link == "eth0"]

    def close(self):
        self._program.kill()


ALL = (Ours, Deaf, Attached, Ours, Ours)


def of(number, ground):
    """Where the container of that number lives, each time anew. A foreign
    namespace is root's to plug in."""
    kind = ALL[number % len(ALL)]
    return (Ours if kind is Attached and ground.person.user else kind)(ground)
