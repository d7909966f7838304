"""Namespaces of our own, without names: they live as long as their holder, the
holder as long as we do. Nothing can be left behind."""

import contextlib
import ctypes
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def _setns(fd, kind):
    if _libc.setns(fd, kind) != 0:
        number = ctypes.get_errno()
        raise OSError(number, "setns: " + os.strerror(number))


@contextlib.contextmanager
def inside(netns):
    """This thread's sockets are born in the namespace behind the path."""
    home = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    there = os.open(netns, os.O_RDONLY | os.O_CLOEXEC)
    try:
        _setns(there, CLONE_NEWNET)
        try:
            yield
        finally:
            _setns(home, CLONE_NEWNET)
    finally:
        os.close(there)
        os.close(home)


def child_of(pid):
    children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return int(children.split()[0])


class Namespace:
    """Network, mount and PID namespaces of their own, and their first
    process."""

    def __init__(self):
        self._holder = subprocess.Popen(
            ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child",
             "--mount-proc", sys.executable, "-B", str(HERE / "holder.py")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if self._holder.stdout.readline() != b"ready\n":
            raise OSError("no namespaces: unshare failed")
        self.pid = child_of(self._holder.pid)

    def close(self):
        self._holder.stdin.close()
        self._holder.stdout.close()
        self._holder.wait(10)

    @property
    def netns(self):
        return f"/proc/{self.pid}/ns/net"

    def inside(self):
        return inside(self.netns)

    def proc(self, pid):
        """The /proc entry of a process, by its number within."""
        return pathlib.Path(f"/proc/{self.pid}/root/proc/{pid}")

    def pids(self):
        """Of every living process within, zombies and the holder left out."""
        found = set()
        for entry in self.proc("").iterdir():
            with contextlib.suppress(OSError):
                if entry.name.isdigit() and entry.name != "1":
                    stat = (entry / "stat").read_text()
                    if stat.rpartition(")")[2].split()[0] != "Z":
                        found.add(int(entry.name))
        return found

    def entry(self, *more):
        """The words that lead a command line in here."""
        return ["nsenter", "-t", str(self.pid), "--net", "--mount", "--pid",
                *more, "--"]

    def net(self, *words):
        """Runs a command with our files and its network."""
        return subprocess.run(
            ["nsenter", "-t", str(self.pid), "--net", "--", *words],
            check=True, timeout=20, capture_output=True, text=True).stdout

    def sh(self, script):
        """Runs a shell script with everything of the namespace."""
        done = subprocess.run([*self.entry(), "sh", "-euc", script],
                              timeout=60, capture_output=True, text=True)
        if done.returncode:
            raise OSError(f"{script}: {done.stderr}")
        return done.stdout
