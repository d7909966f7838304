"""Settings that change under a daemon: the file, who writes it, and connections
that are used meanwhile."""

import os
import shutil

import dns_server as dns
from flow import Flow
from harness import Case
from scenery import WORLD


class Reloading(Case):
    """A case whose daemon is told other settings."""

    def setUp(self):
        super().setUp()
        self.place = self.person.folder / ".config/iechor/pier.toml"
        self.state = self.person.folder / ".local/state/iechor"
        shutil.rmtree(self.state, ignore_errors=True)
        self.names.zone["web.test"] = [dns.a(WORLD[4]), dns.aaaa(WORLD[6])]

    def own_folder(self):
        if self.person.user:
            try:
                os.chown(self.place.parent, *[self.person.user] * 2)
            except OSError:
                pass  # only a namespace's root: all files are ours anyway

    def begin(self, text, *containers):
        self.settle(text)
        self.own_folder()
        daemon = self.pierd()
        for name in containers:
            self.container(name=name)
        return daemon

    def flow(self, name):
        """From this container to the world."""
        return self.flow_to(WORLD[4], 7, self.netns_of(name))

    def flow_to(self, *where):
        flow = Flow(self.connect(*where))
        self.addCleanup(flow.close)
        self.assertTrue(flow.goes_on())
        return flow

    def dig(self, name, *words):
        return self.exec_in(name, "dig", "+short", "+tries=1", "+time=10",
                            *words).out.split()

    def status(self):
        return self.pier("settings", "status").out

    def until_obeyed(self, daemon, key):
        daemon.until_said(f"settings: {key}", where="stderr")
