"""A settings file of a thousand static forwards, each with a live connection,
of which one is changed: from the question for a reload to its answer, beside
the same with a file of that one alone."""

import socket
import statistics
import time

from control import Control
from scenery import WORLD
from stage import LOAD

COUNT = 1000
FIRST = 21000
RELOADS = 20
WHAT = "reload, one forward changed"
UNITS = {WHAT: "ms"}


def text_of(count, changed):
    """The first one leads elsewhere each time."""
    return "".join(
        f'[[forward]]\nlisten = "127.0.0.1:{port}"\n'
        f'to = "{WORLD[4]}:{changed if port == FIRST else LOAD}"\n'
        for port in range(FIRST, FIRST + count))


class Place:
    """The person's settings file, which pierd watches, too."""

    def __init__(self, person):
        self._path = person.folder / ".config/iechor/pier.toml"
        self._path.parent.mkdir(parents=True, exist_ok=True)

    def put(self, text):
        new = self._path.with_suffix(".swp")
        new.write_text(text)
        new.rename(self._path)

    def close(self):
        self._path.unlink(missing_ok=True)


def measure(stage, count):
    """Of Pier with so many: the median, in milliseconds."""
    place, clients, took = Place(stage.person), [], []
    place.put(text_of(count, LOAD))
    daemon = stage.person.start("pierd")
    try:
        daemon.until_said("\n")
        with stage.host.inside():
            for port in range(FIRST, FIRST + count):
                clients.append(socket.create_connection(
                    ("127.0.0.1", port), 10))
        control = Control(stage.person.runtime / "pier/pierd.sock")
        for number in range(RELOADS):
            place.put(text_of(count, 1000 + number))
            begun = time.monotonic()
            control.ask("reload")
            took.append(1000 * (time.monotonic() - begun))
        control.close()
    finally:
        for each in clients:
            each.close()
        daemon.kill()
        place.close()
    return {WHAT: statistics.median(took)}
