"""What is measured of a subject that leads one way. Each answers a number, or
nothing where the subject has no such thing."""

import dataclasses
import math
import typing

import stage as around

IDLE = 1000  # connections


@dataclasses.dataclass
class Measure:
    unit: str
    more_is_better: bool
    take: typing.Callable
    """Of (subject, seconds)."""


def iperf(subject, seconds, streams=1, *options):
    address, port, _ = subject.target
    # It knows whole seconds, and none of them is for ever.
    told = subject.measure("iperf3", "-c", address, "-p", port, "-t",
                           math.ceil(seconds), "-P", streams, "-J", *options)
    return told["end"]["sum_received"]


def bulk(streams, *options):
    def take(subject, seconds):
        told = iperf(subject, seconds, streams, *options)
        return told["bits_per_second"] / 1e9
    return take


def load(verb, key, *arguments):
    def take(subject, seconds):
        address, _, port = subject.target
        return subject.measure("pier-load", *subject.via, verb, address, port,
                               seconds, *arguments)[key]
    return take


def datagrams(key, *arguments):
    def take(subject, seconds):
        return (load("udp", key, *arguments)(subject, seconds)
                if subject.udp else None)
    return take


def processor(subject, seconds):
    """All that this machine works, both ends included, for a gigabyte."""
    before = around.busy_seconds()
    moved = iperf(subject, seconds)["bytes"]
    return (around.busy_seconds() - before) / (moved / 1e9)


def memory(subject, _):
    """What a thousand idle connections take of the subject's own memory."""
    if not subject.programs:
        return None
    address, _, port = subject.target

    def taken():
        return around.memory(around.processes(
            subject.stage.host, subject.programs))

    hold = ("pier-load", *subject.via, "hold", address, port)
    few = subject.client(*hold, 1, stdin=-1)
    try:
        few.until_said("held")
        before = taken()
    finally:
        few.kill()
    many = subject.client(*hold, IDLE + 1, stdin=-1)
    try:
        many.until_said("held", 60)
        return (taken() - before) / 1e6
    finally:
        many.kill()


ALL = {
    "bulk, 1 stream": Measure("Gbit/s", True, bulk(1)),
    "bulk, 4 streams": Measure("Gbit/s", True, bulk(4)),
    "bulk back, 1 stream": Measure("Gbit/s", True, bulk(1, "-R")),
    "bulk back, 4 streams": Measure("Gbit/s", True, bulk(4, "-R")),
    "connections": Measure("1/s", True, load("connect", "rate", 8)),
    "64 bytes there and back": Measure("µs p50", False,
                                       load("latency", "p50", 0)),
    "HTTP, kept alive": Measure("1/s", True, load("http", "rate", 16)),
    "datagrams of 1400 bytes": Measure("1/s", True,
                                       datagrams("rate", 1400, 0)),
    "lost of 20,000 a second": Measure("%", False, lambda subject, seconds: (
        None if (lost := datagrams("lost", 1400, 20000)(subject, seconds))
        is None else 100 * lost)),
    "processor for a gigabyte": Measure("s", False, processor),
    "memory of 1,000 idle": Measure("MB", False, memory),
}
