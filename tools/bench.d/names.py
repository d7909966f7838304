"""DNS: questions a second that a forwarder gets answered, every name new."""

import peers
import scenery
from patience import eventually
from subjects import Subject

AT_ONCE = 64


class Forwarder(Subject):
    """Leads `names` of a client to the server of the world."""

    address, port = "127.0.0.1", 53

    def ready(self):
        eventually(lambda: self.client(
            "pier-load", "names", self.address, self.port, 0.1, 1
        ).finish(10).json()["rate"] > 0, 15)


class Nothing(Forwarder):
    name, address = "world itself", scenery.DNS[4]


class Unbound(Forwarder):
    name, port = "unbound", 5301

    def __init__(self, stage):
        super().__init__(stage)
        settings = stage.person.folder / "unbound.conf"
        settings.write_text(f"""
server:
  interface: 127.0.0.1
  port: {self.port}
  do-daemonize: no
  use-syslog: no
  username: ""
  chroot: ""
  directory: "{stage.person.folder}"
  pidfile: ""
  module-config: "iterator"
  do-not-query-localhost: no
  num-threads: 1
  outgoing-range: 4096
  num-queries-per-thread: 2048
  so-rcvbuf: 0
forward-zone:
  name: "."
  forward-addr: {scenery.DNS[4]}
""")
        self.start(stage.person, peers.find("unbound"), "-d", "-c", settings)
        self.ready()


class Dnsmasq(Forwarder):
    name, port = "dnsmasq", 5302

    def __init__(self, stage):
        super().__init__(stage)
        self.start(stage.person, peers.find("dnsmasq"), "-k", "-C", "/dev/null",
                   "-u", "root", "--no-resolv", "--no-hosts", "-p", self.port,
                   "--listen-address=127.0.0.1", "--bind-interfaces",
                   "-S", scenery.DNS[4], "--dns-forward-max=10000")
        self.ready()


class Pier(Forwarder):
    name, address = "pier", "192.168.65.1"
    entry = ("pier", "run", "-i", "--")


ALL = (Nothing, Unbound, Dnsmasq, Pier)


def measure(subject, seconds):
    return subject.measure("pier-load", "names", subject.address, subject.port,
                           seconds, AT_ONCE)["rate"]
