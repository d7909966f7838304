"""What a soak stands on: the scenery of the end-to-end tests, one pierd in it,
servers in the world, and what all its threads share."""

import contextlib
import os
import threading

import client
import control
import dns_server
import findings
import scenery
import servers
from fire import Fire
from program import USER

HERE = os.path.dirname(os.path.abspath(__file__))
ECHO = 7


class Ground:
    def __init__(self, ledger, as_user):
        self.ledger = ledger
        self.over = threading.Event()
        # At root, containers, gateway, dns or keeper: what is everybody's.
        self.fire = Fire()
        self.lives = []
        self._closing = contextlib.ExitStack()
        try:
            self._build(as_user)
        except BaseException:
            self._closing.close()
            raise

    def _build(self, as_user):
        scene = self._own(scenery.Scenery(scenery.programs()))
        self.host, self.world = scene.host, scene.world
        self.host.sh(f"mkdir /mnt/soak && mount --bind {HERE} /mnt/soak")
        self.person = scenery.Person(scene, USER if as_user else None)
        for address in scenery.WORLD.values():
            self._own(servers.Server(
                self.world.netns, (address, ECHO), servers.echo))
            self._own(servers.UdpServer(
                self.world.netns, (address, ECHO)))
        self._own(dns_server.NameServer(
            self.world.netns, scenery.DNS[4], {})).ask = client.answer
        self.daemon = self.person.start("pierd")
        self._closing.callback(self.daemon.kill)
        self.daemon.until_said("\n")
        self._path = self.daemon.out.split()[-1]

    def _own(self, thing):
        self._closing.callback(thing.close)
        return thing

    def control(self):
        return control.Control(self._path)

    def keepers(self):
        """Of the gateway: /proc entries, in the host's numbers."""
        found = []
        for pid in self.host.pids():
            with contextlib.suppress(OSError):
                entry = self.host.proc(pid)
                if b"pier-keeper\0gateway" in (entry / "cmdline").read_bytes():
                    found.append(entry)
        return found

    def unexpected(self):
        """What pierd said of itself, and should not have."""
        said = self.daemon.err
        found = [line for line in said.splitlines()
                 if "] fault" in line and "injected fault" not in line]
        for text in (said, *self.person.findings.take()):
            if (finding := findings.in_text(text)) is not None:
                found.append(finding)
        if not self.daemon.running:
            found.append(f"pierd has ended: {said[-2000:]}")
        return found

    def close(self):
        self._closing.close()
