"""Proxies. `socks`: from the host into a container, by those that lead from the
host to a guest on a cable, and by Pier's own, which leads to a container.
`proxy`: a guest's way to the world, by those that a guest on a cable finds at
the host, and by the one that Pier has for its containers. All do the same work,
of one program. Each round has them anew, and begins with the memory: who has
had a thousand sessions before keeps room for as many."""

import os
import statistics
import subprocess

import forwards
import inward
import measures
import outward
import peers
import real_proxies
import upstreams
from patience import eventually
from stage import BULK, LOAD, serve
from subjects import Subject

SOCKS_AT, OURS = 1080, "192.168.65.2:3128"
SESSIONS = 9
TRANSLATED, PLUGGED = 10, 12  # the guests on a cable that go to the world


def bulk(verb, streams):
    rate = measures.load(verb, "rate", streams)
    return lambda subject, seconds: rate(subject, seconds) / 1e9


def latency(subject, seconds):
    """Of several sessions: which processors the threads of one find themselves
    on is luck, lasts as long as it does, and makes half of it."""
    one = measures.load("latency", "p50", 0)
    return statistics.median(one(subject, seconds / SESSIONS)
                             for _ in range(SESSIONS))


def measured(*names):
    return {what: measures.ALL[what].take for what in names}


TUNNELS = measured("memory of 1,000 idle") | {
    "bulk, 1 stream": bulk("bulk", 1),
    "bulk, 4 streams": bulk("bulk", 4),
    "bulk back, 1 stream": bulk("bulk-back", 1),
    "bulk back, 4 streams": bulk("bulk-back", 4),
    "64 bytes there and back": latency,
} | measured("connections")


class Proxy(Subject):
    """Leads from the host to the guest of those who publish by a cable."""

    scheme, port = "socks5", 0

    def __init__(self, stage):
        super().__init__(stage)
        self.by("127.0.0.1")
        self.target = (inward.cabled(stage), BULK, LOAD)
        self.begin()
        self.ready()

    def by(self, address):
        self.via = ("--via", f"{self.scheme}://{address}:{self.port}")

    def begin(self):
        """Starts it."""

    def ready(self):
        address, _, port = self.target

        def leads():
            for program in self.running:
                if not program.running:
                    raise peers.Absent(f"it ended: {program.err.strip()}")
            return self.measure("pier-load", *self.via, "connect", address,
                                port, 0.05, 1)["rate"] > 0

        eventually(leads, 20, f"{self.name} leads somewhere")

    def settle(self, name, text):
        """A file of settings that anybody may read."""
        path = self.stage.person.folder / name
        path.write_text(text)
        return path


class Microsocks(Proxy):
    name, port, programs = "microsocks", 7101, ("microsocks",)

    def begin(self):
        # It tells of each client, and has no words for less.
        self.start(self.person, peers.find("microsocks"), "-i", "127.0.0.1",
                   "-p", self.port, stderr=subprocess.DEVNULL)


class Dante(Proxy):
    name, port, programs = "dante", 7102, ("danted",)

    def begin(self):
        link = self.target[0].rpartition(".")[0] + ".1"
        settings = self.settle("danted.conf", real_proxies.dante_settings(
            ("127.0.0.1", self.port), link, "/dev/null"))
        self.start(self.person, peers.find("danted"), "-f", settings, "-p",
                   self.person.folder / "danted.pid")


class Outward(Proxy):
    """Leads a guest on a cable to the world."""

    scheme = "http"

    def __init__(self, stage):
        guest = stage.cabled(PLUGGED)
        self.entry = guest.entry
        self.listens = guest.address.rpartition(".")[0] + ".1"
        super().__init__(stage)

    def begin(self):
        self.by(self.listens)
        self.target = Subject(self.stage).target


class Tinyproxy(Outward):
    name, port, programs = "tinyproxy", 7103, ("tinyproxy",)

    def begin(self):
        super().begin()
        settings = self.settle("tinyproxy.conf", f"""
Port {self.port}
Listen {self.listens}
MaxClients 4000
Timeout 600
LogLevel Critical
DisableViaHeader Yes
""")
        self.start(self.person, peers.find("tinyproxy"), "-d", "-c", settings)


class Squid(Outward):
    name, port, programs = "squid", 7104, ("squid",)
    shared = f"pierbench{os.getpid()}"

    def begin(self):
        super().begin()
        program = peers.find("squid")
        share = program.removesuffix("/sbin/squid") + "/share/squid"
        own = self.stage.user.folder
        settings = self.settle("squid.conf", f"""
http_port {self.listens}:{self.port}
http_access allow all
cache deny all
cache_mem 0 MB
access_log none
cache_log /dev/null
cache_store_log none
client_db off
via off
forwarded_for delete
pid_filename none
coredump_dir {own}
shutdown_lifetime 0 seconds
icon_directory {share}/icons
error_directory {share}/errors/templates
error_log_languages off
mime_table {share}/mime.conf
pinger_enable off
netdb_filename none
unlinkd_program /bin/true
visible_hostname proxy.test
max_filedescriptors 16384
hosts_file /etc/hosts
""")
        # One process, that runs as anybody, but not as root.
        self.start(self.stage.user, program, "-N", "-n", self.shared, "-f",
                   settings)

    def close(self):
        super().close()
        upstreams.forget_memory(self.shared)


class Straight(Subject):
    """The kernel's own way out, with nobody between."""

    name = "kernel"

    def __init__(self, stage):
        super().__init__(stage)
        guest = stage.cabled(TRANSLATED)
        self.entry = guest.entry
        if not hasattr(guest, "leads_out"):
            outward.translate(stage, TRANSLATED)
            guest.leads_out = True


class Pier(Proxy):
    """A pierd with one container."""

    name, port, programs = "pier", SOCKS_AT, ("pierd", "pier-keeper")
    settings = f'[socks]\nlisten = "127.0.0.1:{SOCKS_AT}"\n'
    work = "ulimit -n $(ulimit -H -n); " + serve()

    def begin(self):
        self._settings = forwards.Place(self.person)
        self._settings.put(self.settings)
        self.start(self.person, "pierd").until_said("\n")
        self.person.run("pier", "run", "-d", "--name", "bench", "--", "sh",
                        "-c", self.work)
        told = self.person.run("pier", "inspect", "bench").json()
        self.lead(told[0] if isinstance(told, list) else told)

    def lead(self, guest):
        self.target = (guest["address"]["v4"], BULK, LOAD)

    def close(self):
        super().close()
        self._settings.close()


class PierOut(Pier):
    scheme, settings = "http", ""
    work = "trap exit TERM; sleep infinity & wait"

    def lead(self, guest):
        self.entry = ("nsenter", "-t", str(guest["pid"]), "--net", "--")
        self.target = Subject(self.stage).target
        self.via = ("--via", f"http://{OURS}")


ALL = {"socks": (inward.Nothing, Microsocks, Dante, Pier),
       "proxy": (Straight, Tinyproxy, Squid, PierOut)}
MEASURES = {"socks": TUNNELS,
            "proxy": TUNNELS | measured("HTTP, kept alive")}
PEERS = {section: [kind.name for kind in kinds[1:-1]]
         for section, kinds in ALL.items()}
