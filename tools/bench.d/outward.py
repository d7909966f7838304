"""From a container to the world."""

import peers
from patience import eventually
from scenery import HOST
from subjects import Subject


TRANSLATED = "10.213.0.3"


class Nothing(Subject):
    """The host itself: what anybody who re-originates connections has."""

    name = "host itself"


class Kernel(Subject):
    """veth and nftables' translation: the kernel's own path."""

    name = "kernel"

    def __init__(self, stage):
        super().__init__(stage)
        self.entry = stage.cabled(10).entry
        translate(stage, 10)


def translate(stage, *guests):
    """To an address of their own, and the host's own connections are not
    tracked: a port that a guest's connection has had lately costs whoever gets
    it next milliseconds, and a SYN now and then."""
    host = stage.host
    host.net("ip", "address", "replace", f"{TRANSLATED}/32", "dev", "eth0")
    host.net("sysctl", "-qw", "net.ipv4.ip_forward=1")
    saved = " ".join(f"ip saddr 10.213.{guest}.0/24 snat to {TRANSLATED};"
                     for guest in guests)
    host.net("nft", f"""table ip bench_out_{guests[-1]} {{
        chain own {{
          type filter hook output priority raw
          ip saddr {HOST[4]} notrack
        }}
        chain answers {{
          type filter hook prerouting priority raw
          ip daddr {HOST[4]} notrack
        }}
        chain post {{
          type nat hook postrouting priority 100
          {saved}
        }}
      }}""")


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
