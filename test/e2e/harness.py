"""A test case with a stage, the programs under test, and somebody who runs
them: `test_x.py --as root|user [unittest arguments]`."""

import functools
import os
import shutil
import socket
import subprocess
import sys
import unittest

import dns_server
import findings
import scenery
import servers
from namespaces import inside
from patience import eventually
from program import USER, Finished, Program

AS_USER = False
READY = "ready"


class Case(unittest.TestCase):
    """One stage a class. What a test starts, it ends: `self.own`."""

    @classmethod
    def setUpClass(cls):
        cls.scene = scenery.Scenery(scenery.programs())
        cls.addClassCleanup(cls.scene.close)
        cls.host, cls.world = cls.scene.host, cls.scene.world
        cls.person = scenery.Person(cls.scene, USER if AS_USER else None)
        cls.names = dns_server.NameServer(
            cls.world.netns, scenery.DNS[4], {"web.test": [
                dns_server.a(scenery.WORLD[4]),
                dns_server.aaaa(scenery.WORLD[6])]})
        cls.addClassCleanup(cls.names.close)
        cls.echo = {}
        for version, address in scenery.WORLD.items():
            cls.echo[version] = servers.Server(
                cls.world.netns, (address, 7), servers.echo)
            cls.addClassCleanup(cls.echo[version].close)

    def setUp(self):
        self._programs = []
        self.addCleanup(self._tell_and_end)

    def _tell_and_end(self):
        if self._went_wrong():
            for program in self._programs:
                print(f"\n[{self.id()}] {program!r}", file=sys.stderr)
        for program in reversed(self._programs):
            program.kill()
        said = [program.err for program in self._programs]
        for text in said + self.person.findings.take():
            self.assertIsNone(findings.in_text(text), text)

    def _went_wrong(self):
        result = self._outcome.result
        return any(test is self
                   for test, _ in result.failures + result.errors)

    def own(self, thing):
        """Closes a server, or a socket, at the end of the test."""
        self.addCleanup(thing.close)
        return thing

    # ---- Programs ----------------------------------------------------------

    def start(self, *words, **how):
        program = self.person.start(*words, **how)
        self._programs.append(program)
        return program

    def start_at(self, place, *words, user=None):
        """The same in another namespace, as root there or as somebody else."""
        program = Program(place, words, user, self.person.env)
        self._programs.append(program)
        return program

    def run_here(self, *words, within=30.0, **how):
        """Runs a program at the host, as the person of this run."""
        return self.start(*words, **how).finish(within)

    def succeeds(self, *words, **how):
        done = self.run_here(*words, **how)
        self.assertEqual(done.status, 0, done)
        return done

    def pier(self, *words, **how):
        return self.succeeds("pier", *words, **how)

    def refused(self, *words, status=1, **how):
        """`pier …` must fail with this status; answers what it said."""
        done = self.run_here("pier", *words, **how)
        self.assertEqual(done.status, status, done)
        return done.err.strip()

    def pierd(self, **how):
        daemon = self.start("pierd", **how)
        daemon.until_said("\n")
        return daemon

    def settle(self, text):
        """The person's own settings file; whatever starts now obeys it."""
        place = self.person.folder / ".config" / "iechor" / "pier.toml"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        self.addCleanup(place.unlink, missing_ok=True)
        # What was good before is not what this test began with.
        shutil.rmtree(self.person.folder / ".local/state/iechor",
                      ignore_errors=True)

    def resettle(self, text):
        """Replaces that file as editors do, at once or not at all."""
        place = self.person.folder / ".config" / "iechor" / "pier.toml"
        new = place.with_suffix(".swp")
        new.write_text(text)
        new.rename(place)

    # ---- Containers --------------------------------------------------------

    def container(self, *options, command=("sleep", "infinity"), **how):
        """An embedded `pier run` in front of us; ready when it listens to
        its control socket and its command runs."""
        name = how.pop("name", None) or self.fresh_name()
        program = self.start("pier", "run", "-i", "--name", name, *options,
                             "--", *command, stdin=how.pop("stdin", -1), **how)
        program.name = name
        eventually(functools.partial(self._is_running, program), 20,
                   f"container {name}")
        return program

    def guest(self, *arguments, options=(), **how):
        """A container that runs guest.py; ready when it says so."""
        program = self.container(
            *options, command=("python3", "-B", "/mnt/e2e/guest.py",
                               *arguments), **how)
        if arguments[0] != "child":
            program.until_said(READY)
        return program

    def fresh_name(self):
        type(self).counter = getattr(type(self), "counter", 0) + 1
        return f"c{self.counter}"

    def _is_running(self, program):
        if not program.running:
            raise RuntimeError(f"ended instead: {program!r}")
        return self.inspect(program.name)["state"] == "running"

    def inspect(self, name):
        done = self.run_here("pier", "inspect", name)
        if done.status:
            raise LookupError(done.err)
        told = done.json()
        return told[0] if isinstance(told, list) else told

    def tree(self):
        """The root of the only supervisor that runs."""
        return self.pier("tree", "--json").json()[0]["root"]

    def netns_of(self, name):
        return str(self.host.proc(self.inspect(name)["pid"]) / "ns/net")

    def exec_in(self, name, *words, within=30.0):
        """Runs a program with the network and the files of a container."""
        proc = self.host.proc(self.inspect(name)["pid"])
        done = subprocess.run(
            ["nsenter", f"--net={proc}/ns/net", f"--mount={proc}/ns/mnt", "--",
             *map(str, words)], timeout=within, capture_output=True,
            stdin=subprocess.DEVNULL)
        return Finished(words, done.returncode, done.stdout,
                        done.stderr.decode(errors="replace"))

    # ---- Sockets -----------------------------------------------------------

    def socket_in(self, netns, family, kind=socket.SOCK_STREAM, within=10.0):
        with inside(netns):
            made = socket.socket(family, kind)
        made.settimeout(within)
        return self.own(made)

    def connect(self, address, port, netns=None, within=10.0):
        made = self.socket_in(netns or self.host.netns, family_of(address),
                              within=within)
        made.connect((address, int(port)))
        return made

    def greeting(self, address, port, netns=None):
        with self.connect(address, port, netns) as client:
            return client.recv(64).decode().strip()

    def assert_greets(self, address, port, text, netns=None):
        """A published port opens a moment after its server listens."""
        eventually(lambda: self.greeting(address, port, netns) == text, 5,
                   f"{address} port {port} says {text}")

    def assert_free(self, port, kind=socket.SOCK_STREAM, reuse=False):
        """Anybody can bind it now, on every address, without a wait; with
        `reuse` as servers do who mind no older connection."""
        for family, anywhere in ((socket.AF_INET, "0.0.0.0"),
                                 (socket.AF_INET6, "::")):
            with inside(self.host.netns):
                probe = socket.socket(family, kind)
            with probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR,
                                 reuse)
                if family == socket.AF_INET6:
                    probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY,
                                     1)
                probe.bind((anywhere, int(port)))

    def assert_refused(self, address, port, netns=None):
        with self.assertRaises(ConnectionRefusedError):
            self.connect(address, port, netns).close()


def family_of(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def main():
    global AS_USER
    arguments = sys.argv[1:]
    if "--as" in arguments:
        at = arguments.index("--as")
        AS_USER = arguments[at + 1] == "user"
        del arguments[at:at + 2]
    scenery.ensure_root()
    if not (scenery.programs() / "pier").exists():
        sys.exit(f"{scenery.programs()} has no program `pier`; build first, "
                 "or say where with PIER_BIN")
    scenery.close_on_sigterm()
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    # `harness` and `__main__` are two modules; the tests know the first.
    sys.modules["harness"].AS_USER = AS_USER
    unittest.main(module="__main__", argv=[sys.argv[0], *arguments],
                  verbosity=2, warnings="ignore")
