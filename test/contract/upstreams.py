"""Real proxies in namespaces of the test's own, with files that go with it, and
tunnels through them. What is not here is skipped; tools/setup --tests unpacks
it."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "test/e2e"))

import servers  # noqa: E402
from namespaces import Namespace  # noqa: E402
from patience import FACTOR, eventually  # noqa: E402

PEERS = ROOT / "build/peers/usr"


def found(*names):
    """The path of a program that tools/setup has unpacked, or that is
    installed."""
    for name in names:
        for path in (PEERS / name, pathlib.Path("/usr") / name):
            if os.access(path, os.R_OK):
                return path
    raise unittest.SkipTest(f"no {names[0]}: tools/setup --tests unpacks it")


def greet(connection, _):
    """Says something first, and then everything again."""
    connection.sendall(b"hello\n")
    while bytes_ := connection.recv(4096):
        connection.sendall(bytes_)


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.home = Namespace()
        cls.addClassCleanup(cls.home.close)
        cls.home.net("ip", "link", "set", "lo", "up")
        # What a server shares with its like, and leaves there.
        cls.home.sh("mount -t tmpfs -o mode=1777 tmpfs /dev/shm")
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="pier-upstreams-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.folder.chmod(0o755)
        cls.target = servers.Server(cls.home.netns, ("127.0.0.1", 7), greet)
        cls.addClassCleanup(cls.target.close)
        cls.environment = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "LD_LIBRARY_PATH": str(PEERS / "lib/x86_64-linux-gnu"),
            "KRB5_CONFIG": str(cls.folder / "krb5.conf"),
            "KRB5_KDC_PROFILE": str(cls.folder / "kdc.conf"),
            "KRB5CCNAME": f"FILE:{cls.folder}/cache",
            "SSL_CERT_FILE": str(cls.folder / "tls.pem"),
        }

    @classmethod
    def begin(cls, *words, **how):
        """A server of this class, gone with it."""
        log = (cls.folder / (pathlib.Path(words[0]).name + ".log")).open("w")
        cls.addClassCleanup(log.close)
        started = subprocess.Popen(
            [*cls.home.entry(), *map(str, words)], env=cls.environment,
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, **how)

        def end():
            started.kill()
            started.wait(10)
        cls.addClassCleanup(end)

    @classmethod
    def run_there(cls, *words, **how):
        return subprocess.run(
            [*cls.home.entry(), *map(str, words)],
            env={**cls.environment, **how.pop("env", {})}, timeout=60 * FACTOR,
            capture_output=True, text=True, check=False, **how)

    @classmethod
    def await_port(cls, port):
        def listens():
            with cls.home.inside():
                probe = servers.tcp_socket(("127.0.0.1",))
            with probe:
                probe.connect(("127.0.0.1", port))
            return True
        try:
            eventually(listens, 20, f"a proxy at port {port}")
        except AssertionError as why:
            logs = "".join(f"{log.name}: {log.read_text(errors='replace')}"
                           for log in cls.folder.glob("**/*.log"))
            raise AssertionError(f"{why}\n{logs}") from why

    def tunnel(self, proxy, host="localhost", port=7, **env):
        program = pathlib.Path(os.environ["PIER_BIN"]) / "tunnel_trial"
        return self.run_there(program, proxy, host, port, input="and again\n",
                              env=env)

    def assert_leads(self, proxy, host="localhost", **env):
        done = self.tunnel(proxy, host, **env)
        self.assertEqual(done.stdout, "hello\nand again\n",
                         f"{done.stdout}{done.stderr}")

    def assert_refused(self, code, whose, proxy, host="localhost", port=7,
                       **env):
        done = self.tunnel(proxy, host, port, **env)
        self.assertEqual(done.stdout.split(" ")[:2], [code, whose],
                         f"{done.stdout}{done.stderr}")


def main():
    if os.geteuid() != 0:
        print("SKIPPED: namespaces take a root's rights", flush=True)
        sys.exit(77)
    unittest.main(module="__main__", verbosity=2, warnings="ignore")
