"""A running program, and the one who runs it: root, or an ordinary user."""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import threading

from namespaces import child_of
from patience import FACTOR, eventually

# Known to the private /etc/passwd only, so that no test depends on the
# machine's users.
USER = 4242
USER_NAME = "harbour"


class Finished:
    """What became of a program that ran to its end."""

    def __init__(self, words, status, out, err):
        self.words, self.status, self.raw, self.err = words, status, out, err

    @property
    def out(self):
        return self.raw.decode(errors="replace")

    def json(self):
        return json.loads(self.out)

    def __repr__(self):
        return (f"{' '.join(map(str, self.words))}: exit {self.status}\n"
                f"--- out\n{self.out[-2000:]}\n--- err\n{self.err[-4000:]}")


class Program:
    """A program in the namespaces of `home`; `prefix` leads it further. Its
    output is gathered by threads, so that it never waits for us."""

    def __init__(self, home, words, user=None, env=None, cwd="/", **streams):
        self.home, self.words = home, words
        entry = [*streams.get("prefix", ()), *home.entry(f"--wd={cwd}")]
        self._popen = subprocess.Popen(
            entry + as_user(user) + [str(w) for w in words],
            env=env, stdin=streams.get("stdin", subprocess.DEVNULL),
            stdout=streams.get("stdout", subprocess.PIPE),
            stderr=streams.get("stderr", subprocess.PIPE),
            start_new_session=streams.get("session", False))
        self.stdin = self._popen.stdin
        self._texts, self._readers = {}, []
        self._news = threading.Condition()
        for name in ("stdout", "stderr"):
            stream = getattr(self._popen, name)
            self._texts[name] = b""
            if stream:
                reader = threading.Thread(
                    target=self._read, args=(name, stream), daemon=True)
                reader.start()
                self._readers.append(reader)

    def _read(self, name, stream):
        while piece := stream.read1(65536):
            with self._news:
                self._texts[name] += piece
                self._news.notify_all()
        stream.close()
        with self._news:
            self._news.notify_all()

    @property
    def out(self):
        return self._texts["stdout"].decode(errors="replace")

    @property
    def err(self):
        return self._texts["stderr"].decode(errors="replace")

    @property
    def running(self):
        return self._popen.poll() is None

    @property
    def pid(self):
        """As we see it. nsenter stays as its parent."""
        return eventually(lambda: child_of(self._popen.pid), 5, "pid")

    @property
    def inner_pid(self):
        """As its own namespace sees it."""
        return int(_status(self.pid, "NSpid")[1])

    def until_said(self, text, within=20.0, where="stdout"):
        """Waits for `text` in its output; answers all that was said."""
        def said():
            all_of_it = self._texts[where].decode(errors="replace")
            return all_of_it if text in all_of_it else None

        with self._news:
            self._news.wait_for(
                lambda: said() or not any(r.is_alive() for r in self._readers),
                within * FACTOR)
            found = said()
        if found is None:
            raise AssertionError(f"{self.words} never said {text!r}: {self!r}")
        return found

    def signal(self, number):
        os.kill(self.pid, number)

    @contextlib.contextmanager
    def suspended(self):
        """Stopped meanwhile; nsenter stops with its child, and goes on when it
        is told to itself."""
        self.signal(signal.SIGSTOP)
        try:
            yield
        finally:
            for number in self.pid, self._popen.pid:
                os.kill(number, signal.SIGCONT)

    def kill(self):
        if self.running:
            try:
                self.signal(signal.SIGKILL)
            except (OSError, AssertionError):
                self._popen.kill()
        self._popen.wait(20)

    def finish(self, within=30.0):
        """Waits for its end. A death by signal counts as in Python: -N."""
        try:
            self._popen.wait(within * FACTOR)
        except subprocess.TimeoutExpired:
            text = repr(self)
            self.kill()
            raise AssertionError(f"not over within {within * FACTOR} s: {text}")
        for reader in self._readers:
            reader.join(5)
        return Finished(self.words, self._popen.returncode,
                        self._texts["stdout"], self.err)

    def __repr__(self):
        return repr(Finished(self.words, self._popen.poll(),
                             self._texts["stdout"], self.err))


def _status(pid, key):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(key + ":"):
            return line.split()[1:]
    raise LookupError(key)


def as_user(user):
    """The words that make an ordinary user of a command. Where we are root
    only within a user namespace, his number is mapped in one more."""
    if not user:
        return []
    if really_root():
        return ["setpriv", f"--reuid={user}", f"--regid={user}",
                "--clear-groups", "--"]
    return ["unshare", "--user", f"--map-user={user}", f"--map-group={user}",
            "--"]


def really_root():
    with open("/proc/self/uid_map", encoding="ascii") as file:
        return int(file.read().split()[2]) > USER


def scratch():
    """A folder that everybody may look into, and its remover."""
    path = pathlib.Path(tempfile.mkdtemp(prefix=f"pier-e2e-{os.getpid()}-"))
    path.chmod(0o755)
    return path, lambda: shutil.rmtree(path, ignore_errors=True)
