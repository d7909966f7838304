"""What the tests of static forwards have in common."""

import os
import socket

import servers
from flow import Flow
from harness import Case
from scenery import WORLD


def forward(listen, to, **more):
    lines = "".join(f'{key} = "{value}"\n' for key, value in more.items())
    return f'[[forward]]\nlisten = "{listen}"\nto = "{to}"\n{lines}'


def over(connection):
    """Whether nothing comes any more, by FIN or by RST."""
    try:
        return not connection.recv(64)
    except ConnectionResetError:
        return True


class ForwardCase(Case):
    def setUp(self):
        super().setUp()
        self.sockets = self.person.folder / "sockets"
        self.sockets.mkdir(exist_ok=True)
        self.sockets.chmod(0o777)
        self.addCleanup(self._sweep)

    def _sweep(self):
        for each in self.sockets.iterdir():
            each.unlink()

    def begin(self, text):
        self.settle(text)
        self.daemon = self.pierd()
        return self.daemon

    def change(self, text, *said):
        """Obeyed when this returns; the watch may have been first."""
        self.resettle(text)
        self.pier("settings", "reload")
        for each in said:
            self.daemon.until_said(each, where="stderr")

    def refuses_to_change(self, text):
        self.resettle(text)
        return self.refused("settings", "reload")

    def listed(self):
        return {each["listen"]: each
                for each in self.pier("forwards", "--json").json()}

    def web(self, port=80):
        folder = self.person.folder / "web"
        folder.mkdir(exist_ok=True)
        (folder / "page").write_bytes(os.urandom(300_000))
        self.own(servers.WebServer(self.world.netns, (WORLD[4], port), folder))
        return folder / "page"

    def fetch(self, *words):
        """As curl of the host's sees it."""
        target = self.person.folder / "fetched"
        self.succeeds("curl", "-sS", "-m", "20", "-o", target, *words)
        data = target.read_bytes()
        target.unlink()
        return data

    def answers(self, port, text=b"hello"):
        with self.connect("127.0.0.1", port) as client:
            client.sendall(text)
            client.shutdown(socket.SHUT_WR)
            got = b""
            while piece := client.recv(4096):
                got += piece
            return got == text

    def flow(self, port):
        flow = Flow(self.connect("127.0.0.1", port))
        self.addCleanup(flow.close)
        self.assertTrue(flow.goes_on())
        return flow
