"""What the tests of our HTTP proxy have in common."""

from harness import Case
from origin import Origin
from scenery import DNS, WORLD

OURS = "192.168.65.2", 3128
URL = "http://http.iechor.internal:3128"


class ProxyCase(Case):
    def setUp(self):
        super().setUp()
        self.scene.resolve_by(DNS[4])
        self.origin = self.own(Origin(self.world.netns, (WORLD[4], 80)))

    def begin(self, settings=""):
        if settings:
            self.settle(settings)
        self.container(name="web")

    def curl(self, *words, within=60.0):
        return self.exec_in("web", "curl", "-sS", "-m", "50", *words,
                            within=within)

    def gets(self, text, *words):
        done = self.curl(*words)
        self.assertEqual((done.status, done.out), (0, text), done)

    def raw(self, text, at=OURS):
        client = self.connect(*at, netns=self.netns_of("web"))
        client.sendall(text)
        return client

    def said(self, text):
        """All that is answered to this, until the end."""
        client = self.raw(text)
        out = b""
        while data := client.recv(65536):
            out += data
        return out
