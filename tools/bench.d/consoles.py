"""What it costs the data path to be looked at: the same guest under the same
load, ten thousand idle flows and a thousand new connections a second, once with
nobody there, once with an attached console, `pier top` and
`pier events --follow`. Strangers send noise to the console's door, or, to know
what they take themselves, to a listener that hangs up on them."""

import contextlib
import json
import resource
import subprocess

import forwards
import measures
from patience import eventually
from scenery import WORLD
from stage import BULK, LOAD
from subjects import Subject

IDLE, PACE, PACERS = 10_000, 1_000, 4
SHARE = 4  # no guest has more than half of the descriptors, a flow has two
TAKEN = ("bulk, 1 stream", "bulk back, 1 stream", "64 bytes there and back",
         "HTTP, kept alive")
ALONE, WATCHED, FLOODED = "nobody looks", "pier", "strangers at the door"
ELSEWHERE = "strangers elsewhere"
DOOR, STRANGERS = 7443, 200  # a second
KEPT_UP = "new connections, of 1,000 a second"
UNITS = {KEPT_UP: ("1/s", True)}
PROMISED = 1 / 1.05

# Says so when the first of its connections has been ended by the other side.
# Port 0: to a listener of its own.
NOISE = """
import os, select, socket, sys, threading
port, rate = int(sys.argv[1]), int(sys.argv[2])
first = True

def hang_up():
    while True:
        one, _ = listener.accept()
        one.recv(4096)
        one.close()

if port == 0:
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    port = listener.getsockname()[1]
    threading.Thread(target=hang_up, daemon=True).start()
while not select.select([sys.stdin], [], [], 1 / rate)[0]:
    with socket.create_connection(("127.0.0.1", port), 10) as one:
        one.sendall(os.urandom(512))
        if first:
            try:
                while one.recv(4096):
                    pass
            except ConnectionResetError:
                pass
            print("refused", flush=True)
            first = False
"""


class Looked(Subject):
    """One guest of a pierd of its own, with the load upon it."""

    def __init__(self, stage):
        super().__init__(stage)
        self.target = (WORLD[4], BULK, LOAD)
        self._settings = forwards.Place(stage.person)
        self._settings.put(f'[console]\nlisten = "127.0.0.1:{DOOR}"\n')
        self._daemon = stage.person.start("pierd")
        self._daemon.until_said("\n")
        self.entry = self._guest("looked")
        self._asked = 0
        self._crowd = self._hold(self._guest("crowd"))
        comers = self._guest("comers")
        self._pacers = [self.person.start(
            *comers, "pier-load", "pace", WORLD[4], LOAD, PACE / PACERS,
            stdin=subprocess.PIPE) for _ in range(PACERS)]

    def _guest(self, name):
        run = self.person.run
        run("pier", "run", "-d", "--name", name, "--", "sh", "-c",
            "trap exit TERM; sleep infinity & wait")
        told = run("pier", "inspect", name).json()
        told = told[0] if isinstance(told, list) else told
        return ("nsenter", "-t", str(told["pid"]), "--net", "--")

    def _hold(self, entry):
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        held = self.person.start(
            *entry, "sh", "-c", 'ulimit -n $(ulimit -H -n); exec "$@"', "sh",
            "pier-load", "hold", WORLD[4], LOAD,
            min(IDLE, most // SHARE - 200), stdin=subprocess.PIPE)
        held.until_said("held", 120)
        return held

    def _kept_up(self):
        """New connections a second since this was last asked."""
        self._asked += 1
        for each in self._pacers:
            each.stdin.write(b"how many?\n")
            each.stdin.flush()
        return sum(json.loads(self._answer(each))["rate"]
                   for each in self._pacers)

    def _answer(self, pacer):
        eventually(lambda: pacer.out.count("\n") == self._asked, 10,
                   "the pacer's answer")
        return pacer.out.splitlines()[-1]

    @contextlib.contextmanager
    def lookers(self):
        """Each is at it before anything is measured."""
        folder = self.person.folder
        terminal = ("tmux", "-S", folder / "bench-tmux", "-f", "/dev/null")
        console = self.person.start("pier", "console", stdin=subprocess.PIPE)
        console.stdin.write(b"tree\n")
        console.stdin.flush()
        follower = self.person.start("pier", "events", "--follow")
        self.person.run(*terminal, "new-session", "-d", "-x", "120", "-y", "40",
                        "pier", "top", "--every", "1")
        try:
            console.until_said("looked", 60)
            yield
        finally:
            self.person.run(*terminal, "kill-server")
            for each in console, follower:
                each.kill()

    @contextlib.contextmanager
    def strangers(self, port):
        flood = self.person.start(
            "python3", "-B", "-c", NOISE, port, STRANGERS,
            stdin=subprocess.PIPE)
        try:
            flood.until_said("refused", 20)
            yield
        finally:
            flood.kill()

    def figures(self, seconds):
        self._kept_up()
        told = {what: measures.ALL[what].take(self, seconds)
                for what in TAKEN}
        return told | {KEPT_UP: self._kept_up()}

    def close(self):
        for each in (*self._pacers, self._crowd, self._daemon):
            each.kill()
        self._settings.close()


def acts(stage, seconds):
    """{who: act}; whoever made them calls `close` of the subject."""
    looked = stage.closing(Looked(stage))

    def watched():
        with looked.lookers():
            return looked.figures(seconds)

    def flooded(port):
        with looked.strangers(port):
            return looked.figures(seconds)

    return {WATCHED: watched, FLOODED: lambda: flooded(DOOR),
            ELSEWHERE: lambda: flooded(0),
            ALONE: lambda: looked.figures(seconds)}
