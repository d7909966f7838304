"""A control group of our own that limits memory, in either of the kernel's two
hierarchies. Only a root of the machine may make one, and not everywhere."""

import os
import pathlib

from patience import eventually

ROOT = pathlib.Path("/sys/fs/cgroup")
MEGABYTE = 1 << 20


class Absent(Exception):
    """Why there is no control group to be had."""


class MemoryLimit:
    def __init__(self, megabytes):
        home, limit, self._events, self._used = _places()
        self._folder = home / f"pier-e2e-{os.getpid()}"
        try:
            self._folder.mkdir()
            (self._folder / limit).write_text(str(megabytes * MEGABYTE))
        except OSError as why:
            self.close()
            raise Absent(f"{self._folder}: {why}") from why

    def entry(self):
        """The words that lead a command line in here."""
        return ["sh", "-c", 'echo $$ >"$0"; exec "$@"',
                str(self._folder / "cgroup.procs")]

    def megabytes(self):
        return int((self._folder / self._used).read_text()) / MEGABYTE

    def kills(self):
        """How many of its processes had to die for its limit."""
        for line in (self._folder / self._events).read_text().splitlines():
            word, number = line.split()
            if word == "oom_kill":
                return int(number)
        raise LookupError("oom_kill")

    def close(self):
        """When the last of its processes has gone."""
        eventually(self._is_removed, 10)

    def _is_removed(self):
        if self._folder.exists():
            self._folder.rmdir()
        return True


def _places():
    """The group that we are in, and how it calls its limit, its events and
    what it uses."""
    for line in pathlib.Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers == "memory":
            return (ROOT / "memory" / path.lstrip("/"),
                    "memory.limit_in_bytes", "memory.oom_control",
                    "memory.usage_in_bytes")
    for line in pathlib.Path("/proc/self/cgroup").read_text().splitlines():
        home = ROOT / line.split(":", 2)[2].lstrip("/")
        offered = home / "cgroup.subtree_control"
        if offered.exists() and "memory" in offered.read_text().split():
            return home, "memory.max", "memory.events", "memory.current"
    raise Absent("no control group here limits memory")
