"""What a supervisor uses, as its kernel and its tree tell it."""

import contextlib
import os
import pathlib
import signal

from patience import now, stays

TICKS = os.sysconf("SC_CLK_TCK")


def nodes(tree):
    """How many actors there are, from here down."""
    return 1 + sum(nodes(child) for child in tree["children"])


class Books:
    """Of a daemon of a test case."""

    def __init__(self, case, daemon):
        self._case = case
        self._proc = case.host.proc(daemon.inner_pid)
        self._pid = daemon.pid

    def descriptors(self):
        return len(list((self._proc / "fd").iterdir()))

    def lowest_free_descriptor(self):
        held = {int(entry.name) for entry in (self._proc / "fd").iterdir()}
        return next(n for n in range(len(held) + 1) if n not in held)

    def actors(self):
        return nodes(self._case.tree())

    def memory(self):
        """Megabytes that are its own share."""
        text = (self._proc / "smaps_rollup").read_text()
        return int(text.partition("\nPss:")[2].split()[0]) / 1024

    def cpu(self):
        """Seconds of processor time so far."""
        fields = (self._proc / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def load(self, during=1.0):
        """The share of a processor that it uses."""
        begun, used = now(), self.cpu()
        stays(lambda: True, during)
        return (self.cpu() - used) / (now() - begun)

    @contextlib.contextmanager
    def keeper_suspended(self):
        keeper = self._keeper()
        os.kill(keeper, signal.SIGSTOP)
        try:
            yield
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(keeper, signal.SIGCONT)

    def of_keeper(self, file):
        """A file of its /proc entry."""
        return pathlib.Path(f"/proc/{self._keeper()}/{file}").read_text()

    def kill_keeper(self):
        os.kill(self._keeper(), signal.SIGKILL)

    def _keeper(self):
        for task in pathlib.Path(f"/proc/{self._pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                words = pathlib.Path(f"/proc/{child}/cmdline").read_bytes()
                if words.endswith(b"pier-keeper\0gateway\0"):
                    return int(child)
        raise LookupError("there is no keeper")
