"""From a client of the host to a server of a container."""

import itertools

import peers
from stage import BULK, CLOSED, FATES, LOAD, serve
from subjects import Subject

CONTAINER = 11  # of those who publish for a guest on a cable


def cabled(stage):
    """The guest that docker-proxy, haproxy, socat and nftables lead to."""
    guest = stage.cabled(CONTAINER)
    if not hasattr(guest, "serves"):
        stage.serve_in(guest, serve())
        guest.serves = True
    return guest.address


class Inward(Subject):
    """Published on every address of the host."""

    first = 0  # of its four ports on the host

    def __init__(self, stage):
        super().__init__(stage)
        self.target = ("127.0.0.1", self.first, self.first + 1)
        self.fates = (self.first + 2, self.first + 3)

    def pairs(self):
        return zip(itertools.count(self.first), (BULK, LOAD, FATES, CLOSED))


class Nothing(Subject):
    """Straight to the guest, over its own cable."""

    name = "veth alone"

    def __init__(self, stage):
        super().__init__(stage)
        self.target = (cabled(stage), BULK, LOAD)
        self.fates = (FATES, CLOSED)
        self.wait_for_ports()


class Kernel(Inward):
    """nftables' destination NAT: the kernel's own way to publish."""

    name, first = "kernel", 7000

    def __init__(self, stage):
        super().__init__(stage)
        address = cabled(stage)
        rules = "\n".join(
            f"meta l4proto {{ tcp, udp }} fib daddr type local "
            f"th dport {outer} dnat to {address}:{inner}"
            for outer, inner in self.pairs())
        stage.host.net("sysctl", "-qw", "net.ipv4.conf.all.route_localnet=1",
                       "net.ipv4.ip_forward=1")
        stage.host.net("nft", f"""table ip bench_in {{
            chain out {{
              type nat hook output priority -100
              {rules}
            }}
            chain pre {{
              type nat hook prerouting priority -100
              {rules}
            }}
            chain post {{
              type nat hook postrouting priority 100
              ip saddr 127.0.0.0/8 ip daddr {address} masquerade
            }}
          }}""")
        self.wait_for_ports()


class DockerProxy(Inward):
    name, first, programs = "docker-proxy", 7010, ("docker-proxy",)

    def __init__(self, stage):
        super().__init__(stage)
        program, address = peers.find("docker-proxy"), cabled(stage)
        for outer, inner in self.pairs():
            for proto in "tcp", "udp":
                self.start(stage.person, "sh", "-c", (
                    f"exec {program} -proto {proto} -host-ip 0.0.0.0 "
                    f"-host-port {outer} -container-ip {address} "
                    f"-container-port {inner} 3>/dev/null"))
        self.wait_for_ports()


class RootlessKit(Inward):
    name, first, programs = "rootlesskit", 7020, ("rootlesskit", "exe")

    def __init__(self, stage):
        super().__init__(stage)
        program, slirp = peers.find("rootlesskit"), peers.find("slirp4netns")
        published = [word for outer, inner in self.pairs()
                     for proto in ("tcp", "udp")
                     for word in ("-p", f"0.0.0.0:{outer}:{inner}/{proto}")]
        self.start(stage.user, program, "--net=slirp4netns",
                   f"--slirp4netns-binary={slirp}", "--mtu=65520",
                   "--disable-host-loopback", "--port-driver=builtin",
                   *published, "sh", "-c", serve())
        self.wait_for_ports()


class Socat(Inward):
    name, first, programs = "socat", 7030, ("socat",)
    udp = False

    def __init__(self, stage):
        super().__init__(stage)
        program, address = peers.find("socat"), cabled(stage)
        for outer, inner in self.pairs():
            self.start(stage.person, program,
                       f"TCP-LISTEN:{outer},fork,reuseaddr,backlog=4096",
                       f"TCP:{address}:{inner}")
        self.wait_for_ports()


class HAProxy(Inward):
    name, first, programs = "haproxy", 7040, ("haproxy",)
    udp = False

    def __init__(self, stage):
        super().__init__(stage)
        program, address = peers.find("haproxy"), cabled(stage)
        text = ("global\n maxconn 5000\ndefaults\n mode tcp\n"
                " timeout connect 5s\n timeout client 1h\n timeout server 1h\n")
        for outer, inner in self.pairs():
            text += (f"listen p{outer}\n bind :{outer}\n"
                     f" server s {address}:{inner}\n")
        settings = stage.person.folder / "haproxy.cfg"
        settings.write_text(text)
        self.start(stage.person, program, "-db", "-f", settings)
        self.wait_for_ports()


class Slirp(Inward):
    """Published by its API, as rootless Podman does."""

    name, first, programs = "slirp4netns", 7050, ("slirp4netns",)

    def __init__(self, stage):
        super().__init__(stage)
        guest = stage.guest()
        socket = stage.person.folder / "slirp.sock"
        slirp = self.start(
            stage.person, peers.find("slirp4netns"), "--configure",
            "--mtu=65520", "--disable-host-loopback", "--api-socket", socket,
            guest.inner_pid, "tap0")
        stage.serve_in(guest, serve())
        for outer, inner in self.pairs():
            for proto in "tcp", "udp":
                peers.slirp(socket, "add_hostfwd", proto=proto,
                            host_port=outer, host_addr="0.0.0.0",
                            guest_port=inner)
        self.wait_for_ports()


class Pasta(Inward):
    name, first, programs = "pasta", 7060, ("pasta", "pasta.avx2")

    def __init__(self, stage):
        super().__init__(stage)
        ports = ",".join(f"{outer}:{inner}" for outer, inner in self.pairs())
        self.start(stage.user, peers.find("pasta"), "--config-net", "-q", "-t",
                   ports, "-u", ports, "--", "sh", "-c", serve())
        self.wait_for_ports()


class Pier(Inward):
    name, first, programs = "pier", 7070, ("pier", "pier-keeper")

    def __init__(self, stage):
        super().__init__(stage)
        published = [word for outer, inner in self.pairs()
                     for proto in ("tcp", "udp")
                     for word in ("-p", f"{outer}:{inner}/{proto}")]
        self.start(stage.person, "pier", "run", "--name", "bench", *published,
                   "--", "sh", "-c", serve())
        self.wait_for_ports()


ALL = (Nothing, Kernel, DockerProxy, RootlessKit, Socat, HAProxy, Slirp,
       Pasta, Pier)
