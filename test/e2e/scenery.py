"""The stage: `host`, where Pier runs, and `world`, which it reaches over one
cable. Both are namespaces of our own.

    host                                     world
      10.213.0.2/24, fd99:d5::2/64  ──────  10.213.0.1/24, fd99:d5::1/64
      its own /etc, /run and /tmp/…         10.99.0.0/24, fd99:99::/64 on lo

What a connection meets in the world is decided by its address.
"""

import os
import pathlib
import signal
import socket
import sys

from findings import Findings
from namespaces import HERE, Namespace
from program import USER, USER_NAME, Program, scratch
from refuser import Refuser

WORLD = {4: "10.99.0.1", 6: "fd99:99::1"}
DNS = {4: "10.99.0.53", 6: "fd99:99::53"}
SECOND_DNS = {4: "10.99.0.54", 6: "fd99:99::54"}
SILENT = {4: "10.99.0.66", 6: "fd99:99::66"}
UNREACHABLE = {4: "10.99.0.67", 6: "fd99:99::67"}
PROHIBITED = {4: "10.99.0.68", 6: "fd99:99::68"}
NO_ROUTE = {4: "10.98.0.1", 6: "fd99:98::1"}
HOST = {4: "10.213.0.2", 6: "fd99:d5::2"}
PEERS = HERE.parents[1] / "build/peers/usr"
FAMILY = {4: socket.AF_INET, 6: socket.AF_INET6}

RULES = """
table inet world {
  chain input {
    type filter hook input priority 0;
    ip daddr 10.99.0.66 drop
    ip6 daddr fd99:99::66 drop
    # Refuser answers for these.
    ip daddr { 10.99.0.67, 10.99.0.68 } drop
    ip6 daddr { fd99:99::67, fd99:99::68 } drop
  }
}
"""


class Scenery:
    def __init__(self, programs):
        self.folder, self._remove = scratch()
        self.host = self.world = None
        try:
            self.host, self.world = Namespace(), Namespace()
            self._cable()
            self._addresses()
            self._files(programs)
        except BaseException:
            self.close()
            raise

    def close(self):
        for namespace in (self.host, self.world):
            if namespace:
                namespace.close()
        self._remove()

    def _cable(self):
        mac = {1: "02:00:00:00:00:01", 2: "02:00:00:00:00:02"}
        self.host.net("ip", "link", "add", "eth0", "address", mac[2],
                      "type", "veth", "peer", "name", "eth0",
                      "address", mac[1], "netns", str(self.world.pid))
        # Addresses and neighbours count at once, not after a second of asking
        # around.
        for at, mine, other in (self.host, 2, 1), (self.world, 1, 2):
            at.net("ip", "link", "set", "lo", "up")
            at.net("ip", "link", "set", "eth0", "up")
            for net, bits in ("10.213.0.", "/24"), ("fd99:d5::", "/64"):
                at.net("ip", "address", "add", f"{net}{mine}{bits}",
                       "dev", "eth0", *(["nodad"] if ":" in net else []))
                at.net("ip", "neighbour", "add", f"{net}{other}", "lladdr",
                       mac[other], "dev", "eth0", "nud", "permanent")
        for words in (["route", "add", "default", "via", "10.213.0.1"],
                      ["-6", "route", "add", "default", "via", "fd99:d5::1"],
                      ["route", "add", "unreachable", "10.98.0.0/24"],
                      ["-6", "route", "add", "unreachable", "fd99:98::/64"]):
            self.host.net("ip", *words)

    def _addresses(self):
        for book in (WORLD, DNS, SECOND_DNS, SILENT, UNREACHABLE, PROHIBITED):
            self.world.net("ip", "address", "add", book[4] + "/32",
                           "dev", "lo")
            self.world.net("ip", "address", "add", book[6] + "/128",
                           "dev", "lo", "nodad")
        rules = self.folder / "rules.nft"
        rules.write_text(RULES)
        self.world.net("nft", "-f", str(rules))
        Refuser(self.world.netns)

    def _files(self, programs):
        """The host's view: the programs in /mnt/bin, the guests' scripts in
        /mnt/e2e, an /etc with one more user, an empty /run."""
        self.host.sh(f"""
            cp -a /etc {self.folder}/etc 2>/dev/null || true
            test -e {self.folder}/etc/passwd
            mount -t tmpfs -o mode=755 pier-e2e /mnt
            mkdir /mnt/bin /mnt/e2e
            mount --bind {programs} /mnt/bin
            mount --bind {HERE} /mnt/e2e
            mount -t tmpfs -o mode=755 pier-e2e /run
            mkdir -m 755 /run/sshd
            rm -f {self.folder}/etc/resolv.conf
            mount --bind {self.folder}/etc /etc
            echo '{USER_NAME}:x:{USER}:{USER}::/tmp:/bin/sh' >>/etc/passwd
            echo '{USER_NAME}:x:{USER}:' >>/etc/group
            """)
        self.resolve_by(DNS[4])

    def resolve_by(self, *servers):
        """Replaces the host's resolv.conf, as NetworkManager does."""
        text = "".join(f"nameserver {server}\n" for server in servers)
        self.write_resolv_conf(text.encode())

    def write_resolv_conf(self, text):
        """Byte for byte; None removes it."""
        path = self.folder / "etc/resolv.conf"
        if text is None:
            path.unlink()
            return
        new = path.with_suffix(".new")
        new.write_bytes(text)
        new.chmod(0o644)
        new.rename(path)


class Person:
    """Somebody at the host: root, or an ordinary user, with a runtime
    directory of his own."""

    def __init__(self, scene, user):
        self.scene, self.user = scene, user
        self.folder = scene.folder / (USER_NAME if user else "root")
        self.folder.mkdir()
        self.runtime = self.folder / "run"
        self.runtime.mkdir(mode=0o700)
        self.findings = Findings(self.folder)
        if user and os.stat("/proc/self").st_uid == 0:
            for path in (self.folder, self.runtime):
                try:
                    os.chown(path, user, user)
                except OSError:
                    pass  # only a namespace's root: all files are ours anyway
        self.env = {
            "PATH": "/mnt/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:"
                    "/usr/bin:/sbin:/bin",
            "HOME": str(self.folder),
            "USER": USER_NAME if user else "root",
            "LANG": "C.UTF-8",
            "XDG_RUNTIME_DIR": str(self.runtime),
        }
        self.env.update(self.findings.options())

    def start(self, *words, **how):
        env = self.env | how.pop("env", {})
        return Program(self.scene.host, words, self.user, env, **how)

    def run(self, *words, within=30.0, **how):
        return self.start(*words, **how).finish(within)


def programs():
    """Where the programs under test are."""
    default = pathlib.Path(HERE).parents[1] / "build/dev/bin"
    return pathlib.Path(os.environ.get("PIER_BIN", default)).resolve()


def unpacked(name):
    """The words that run a real program that tools/setup has unpacked, where
    it is not installed; none: it is not here."""
    own = PEERS / "lib/x86_64-linux-gnu"
    # A browser's program stands with its files; the other is a script that
    # knows where it is installed.
    for path in (root / folder / name for root in (PEERS, pathlib.Path("/usr"))
                 for folder in ("lib/chromium", "sbin", "bin")):
        if os.access(path, os.X_OK):
            return ["env", f"LD_LIBRARY_PATH={own}:{own}/pulseaudio",
                    f"PYTHONPATH={PEERS}/lib/python3/dist-packages", str(path)]
    return []


def close_on_sigterm():
    """Who is ended so closes what it has begun, as at any other end."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def ensure_root():
    """Scenery takes a root's rights, and those of a user namespace do."""
    if os.geteuid() == 0:
        return
    if os.spawnlp(os.P_WAIT, "unshare", "unshare", "-Urn", "true") != 0:
        print("SKIPPED: neither root nor user namespaces here", flush=True)
        sys.exit(77)
    os.execvp("unshare", ["unshare", "-Urn", "--", sys.executable, "-B",
                          *sys.argv])
