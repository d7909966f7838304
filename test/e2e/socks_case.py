"""What the tests of SOCKS have in common."""

import os

from forward_case import ForwardCase
from patience import eventually
from socks_client import Socks, SocksError

AT = ("127.0.0.1", 1080)
PROXY = "127.0.0.1:1080"
ON = f'[socks]\nlisten = "{PROXY}"\n'


class SocksCase(ForwardCase):
    def on(self, *lines, **more):
        return self.begin(ON + "".join(f"{line}\n" for line in lines), **more)

    def socks(self, at=AT, **how):
        with self.host.inside():
            return self.own(Socks(at, **how))

    def status_of(self, address, port, **how):
        """How a CONNECT is answered: 0 for yes."""
        try:
            self.socks(**how).connect(address, port).close()
        except SocksError as why:
            return why.status
        return 0

    def addresses(self, name):
        told = self.inspect(name)["address"]
        return told["v4"], told["v6"]

    def web_guest(self, name="web"):
        folder = self.person.folder / "web"
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)
        page = folder / "page"
        page.write_bytes(os.urandom(300_000))
        self.container(name=name, command=(
            "python3", "-m", "http.server", "80", "--bind", "::", "-d",
            folder))
        v4, _ = self.addresses(name)
        eventually(lambda: self.status_of(v4, 80) == 0, 10, "the web server")
        return page.read_bytes()
