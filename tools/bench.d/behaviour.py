"""How each behaves where something is wrong, or odd: the same questions to
all, a few seconds for each. The kernel's own path is the measure of honesty:
an answer that differs from its is a fault of whoever stands between."""

import json
import subprocess

import inward
import outward
import peers
import probe
import questions
import scenery
import servers
from namespaces import inside
from patience import eventually
from stage import CLOSED, FATES

HONEST = "kernel"
LOOPBACK = 5004  # of the host: served on 127.0.0.1 alone
BY_GATEWAY = "host's loopback, by the gateway"
# How it is made, and no fault: who re-originates a connection shows an address
# of its own, and a gateway may lead to services of the host.
FACTS = (questions.SEEN, BY_GATEWAY)
WHOSE = {scenery.HOST[4]: "the host's", outward.TRANSLATED: "the host's",
         "10.213.0.1": "its own",
         "10.213.11.1": "its own"}
TROUBLE = (peers.Absent, OSError, AssertionError, ValueError, LookupError,
           subprocess.SubprocessError)


def put(subject, asked):
    return subject.measure("python3", "-B", "/mnt/e2e/probe.py",
                           json.dumps(asked), within=30)


def who(netns, address, port):
    """Whom the server takes a client of that namespace for."""
    def told():
        with inside(netns):
            return probe.put("whoami", address, port)

    eventually(lambda: "." in told(), 10, f"fates of {address}:{port}")
    return named(told())


def named(address):
    return WHOSE.get(address, address)


def ask_inward(stage, subject):
    address, (port, closed) = subject.target[0], subject.fates
    who(stage.host.netns, address, port)
    told = put(subject, questions.between(address, port, closed, subject.udp))
    # The client that counts is another machine's: the host's own come from
    # an address that no container could answer to.
    told[questions.SEEN] = (
        who(stage.world.netns, scenery.HOST[4], port)
        if address == "127.0.0.1" else who(stage.host.netns, address, port))
    return told


def gateway_of(subject):
    done = subject.client("ip", "-4", "route", "show", "default").finish(20)
    words = done.out.split()
    return words[words.index("via") + 1]


def ask_outward(stage, subject):
    who(stage.host.netns, scenery.WORLD[4], FATES)
    told = put(subject, questions.outward(FATES, CLOSED) | {
        BY_GATEWAY: ["connect", gateway_of(subject), LOOPBACK]})
    told[questions.SEEN] = named(told[questions.SEEN])
    return told


def observe(stage, only, say):
    told = {"results": {"in": {}, "out": {}}, "absent": {}}
    door = servers.Server(stage.host.netns, ("127.0.0.1", LOOPBACK),
                          servers.says(b"loopback"))
    try:
        for way, kinds, ask in (("in", inward.ALL, ask_inward),
                                ("out", outward.ALL, ask_outward)):
            for kind in kinds:
                if only and kind.name not in (*only, HONEST):
                    continue
                say(f"behaviour, {way}: {kind.name}")
                try:
                    told["results"][way][kind.name] = ask_one(
                        stage, kind, ask)
                except TROUBLE as why:
                    told["absent"].setdefault(
                        kind.name, f"{way}: {str(why).strip()}")
    finally:
        door.close()
    return told


def ask_one(stage, kind, ask):
    subject = kind(stage)
    try:
        return ask(stage, subject)
    finally:
        subject.close()


def faults(results, name):
    """The questions that the kernel itself answers otherwise."""
    honest = results.get(HONEST, {})
    return [what for what, word in results[name].items()
            if what not in FACTS
            and word != honest.get(what, word)]
