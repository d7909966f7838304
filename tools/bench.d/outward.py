"""From a container to the world."""

import peers
from patience import eventually
from subjects import Subject


class Nothing(Subject):
    """The host itself: what anybody who re-originates connections has."""

    name = "host itself"


class Kernel(Subject):
    """veth and nftables' masquerade: the kernel's own path."""

    name = "kernel"

    def __init__(self, stage):
        super().__init__(stage)
        self.entry = stage.cabled(10).entry
        stage.host.net("sysctl", "-qw", "net.ipv4.ip_forward=1")
        stage.host.net("nft", """table ip bench_out {
            chain post {
              type nat hook postrouting priority 100
              ip saddr 10.213.10.0/24 masquerade
            }
          }""")


class Pier(Subject):
    name, programs = "pier", ("pier", "pier-keeper")
    entry = ("pier", "run", "-i", "--")


class Pasta(Subject):
    name, programs = "pasta", ("pasta", "pasta.avx2")

    def __init__(self, stage):
        super().__init__(stage)
        self.person = stage.user
        self.entry = (peers.find("pasta"), "--config-net", "-q", "--")


class Slirp(Subject):
    name, programs = "slirp4netns", ("slirp4netns",)

    def __init__(self, stage):
        super().__init__(stage)
        program = peers.find("slirp4netns")
        guest = stage.guest()
        slirp = self.start(
            stage.person, program, "--configure", "--mtu=65520",
            "--disable-host-loopback", guest.inner_pid, "tap0")
        self.entry = guest.entry
        eventually(lambda: b"default" in stage.person.run(
            *self.entry, "ip", "route").raw or not slirp.running, 10)
        if not slirp.running:
            raise peers.Absent(slirp.err.strip() or "slirp4netns ended")


ALL = (Nothing, Kernel, Slirp, Pasta, Pier)
