"""A thousand containers, each an attached namespace with a published port, some
with a flow that runs and one that ran: what one look at all that is counted takes of
a processor, when Prometheus looks every 15 seconds. The control socket's words
are used, which take a little more than the page of [metrics] listen."""

import os
import socket
import time

import stage as around
from control import Control
from forwards import Place
from namespaces import inside
from scenery import WORLD
from stage import LOAD

COUNT = 1000
FLOWS = 300  # the kernel knows 1,024 neighbours, of all namespaces together
FIRST = 21000
SCRAPES = 20
EACH = 15  # seconds from one to the next
SHARE = "scrape of 1,000 containers, of a core"
WAIT = "scrape of 1,000 containers"
SIZE = "page of 1,000 containers"
UNITS = {SHARE: "%", WAIT: "ms", SIZE: "kB"}

# A port that waits for its service is looked after, which is not measured here.
SETTINGS = ('[ports]\nready = "listening"\n'
            '[network]\nsubnet = "10.64.0.0/20"\n')


def processor_time(stage):
    """Of all threads of pierd, in seconds."""
    ticks = 0
    for entry in around.processes(stage.host, ("pierd",)):
        fields = (entry / "stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def names():
    return [f"bench{number}" for number in range(COUNT)]


def spec(name, port):
    return {"name": name, "netns": f"/run/netns/{name}",
            "publish": [{"proto": "tcp", "host": [port, port],
                         "container": [80, 80]}]}


def flow_of(stage, name):
    """One out, which stays."""
    with inside(f"/proc/{stage.host.pid}/root/run/netns/{name}"):
        made = socket.socket()
    made.settimeout(10)
    made.connect((WORLD[4], LOAD))
    return made


def namespaces(stage, verb):
    """A hundred at a time: the kernel takes its time over each."""
    all_of_them = names()
    for first in range(0, COUNT, 100):
        stage.host.sh("".join(f"ip netns {verb} {name}\n"
                              for name in all_of_them[first:first + 100]))


def scrapes(stage, control):
    """In percent of a core, milliseconds, and kilobytes."""
    text = control.ask("metrics")
    open_flows = text.count("\npier_container_open_flows{")
    assert min(COUNT, FLOWS) <= open_flows <= COUNT, text[:200]
    before, begun = processor_time(stage), time.monotonic()
    for _ in range(SCRAPES):
        control.ask("metrics")
    took = (time.monotonic() - begun) / SCRAPES
    spent = (processor_time(stage) - before) / SCRAPES
    return {SHARE: 100 * spent / EACH, WAIT: 1000 * took,
            SIZE: len(text) / 1000}


def measure(stage, rounds):
    """The thousand are made once, for all rounds: the figures of each."""
    place, clients = Place(stage.person), []
    place.put(SETTINGS)
    namespaces(stage, "add")
    daemon = stage.person.start("pierd")
    try:
        daemon.until_said("\n")
        control = Control(stage.person.runtime / "pier/pierd.sock")
        for number, name in enumerate(names()):
            control.ask("run", spec=spec(name, FIRST + number))
        for name in names()[:FLOWS]:
            flow_of(stage, name).close()
            clients.append(flow_of(stage, name))
        told = {what: [] for what in UNITS}
        for _ in range(rounds):
            for what, value in scrapes(stage, control).items():
                told[what].append(value)
        control.close()
        return told
    finally:
        for each in clients:
            each.close()
        daemon.kill()
        place.close()
        namespaces(stage, "del")
