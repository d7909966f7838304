"""Measures Pier beside its peers: bulk, connections a second and latency, into
a container and out of it. All of it happens in namespaces of our own.

The rounds are interleaved, so that a machine that is busy for a while is busy
for everybody; what counts is the median. The ratio says how Pier compares with
the row's subject: 2.00 is twice as good, whichever way the measure runs."""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
# The scenery of the end-to-end tests is just what a benchmark needs.
sys.path[:0] = [str(HERE), str(ROOT / "test/e2e")]

import scenery  # noqa: E402
import subjects  # noqa: E402
from program import USER  # noqa: E402

MEASURES = {  # name: (unit, more is better)
    "bulk": ("Gbit/s", True),
    "connections": ("1/s", True),
    "latency p50": ("µs", False),
}


def say(*words):
    print(*words, file=sys.stderr, flush=True)


class Stage:
    """The scenery, with servers of the world and a cable for those who bring
    no network of their own."""

    def __init__(self, programs):
        self.scene = scenery.Scenery(programs)
        self.host = self.scene.host
        self.person = scenery.Person(self.scene, None)
        self.user = scenery.Person(self.scene, USER)
        self._closing, self._running, self._veth = [], [], None
        self._open_tun()
        self.serve_in(self.scene.world, subjects.serve("0.0.0.0"))

    def _open_tun(self):
        """pasta needs /dev/net/tun; ours is for everybody, as udev's is."""
        try:
            self.host.sh("mknod -m 666 /mnt/tun c 10 200 && "
                         "mount --bind /mnt/tun /dev/net/tun")
        except OSError:
            pass  # only a namespace's root: it is as the machine has it

    def closing(self, thing):
        self._closing.append(thing)

    def veth(self):
        if not self._veth:
            self._veth = subjects.Veth(self)
        return self._veth

    def serve_in(self, namespace, script):
        """Runs servers with the host's files and another's network."""
        self._running.append(subprocess.Popen(
            ["nsenter", "-t", str(self.host.pid), "--mount",
             f"--net={namespace.netns}", "--", "sh", "-c", script],
            env=self.person.env, stdout=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL, start_new_session=True))

    @staticmethod
    def peer(name):
        """Unpacked by tools/setup --bench, or installed."""
        for folder in (ROOT / "build/peers/usr/bin",
                       ROOT / "build/peers/usr/sbin", "/usr/bin", "/usr/sbin"):
            if os.access(f"{folder}/{name}", os.X_OK):
                return f"{folder}/{name}"
        return None

    def close(self):
        for running in self._running:
            try:
                os.killpg(running.pid, 9)
            except ProcessLookupError:
                pass
            running.wait()
        for thing in self._closing:
            thing.close()
        self.scene.close()


def measure(subject, seconds):
    address, bulk, load = subject.target
    iperf = subject.measure(["iperf3", "-c", address, "-p", str(bulk), "-t",
                             str(seconds), "-J"])
    rate = subject.measure(["pier-load", "connect", address, str(load),
                            str(seconds), "8"])
    calm = subject.measure(["pier-load", "latency", address, str(load),
                            str(seconds)])
    if rate["failed"]:
        say(f"  {subject.name}: {rate['failed']} connections failed")
    return {
        "bulk": iperf["end"]["sum_received"]["bits_per_second"] / 1e9,
        "connections": rate["rate"],
        "latency p50": calm["p50"],
    }


def one_way(stage, way, rounds, seconds):
    """{subject: {measure: median}}, or {subject: why not}."""
    taking_part, results, absent = [], {}, {}
    for kind in subjects.WAYS[way]:
        try:
            subject = kind(stage)
            taking_part.append(subject)
            results[subject.name] = []
        except (subjects.Absent, OSError, AssertionError) as why:
            absent[kind.name] = str(why)
    try:
        for number in range(rounds):
            for subject in list(taking_part):
                say(f"{way}, round {number + 1}/{rounds}: {subject.name}")
                try:
                    results[subject.name].append(measure(subject, seconds))
                except (subjects.Absent, OSError, AssertionError,
                        ValueError) as why:
                    absent[subject.name] = str(why)
                    taking_part.remove(subject)
                    subject.close()
    finally:
        for subject in taking_part:
            subject.close()
    told = {name: {measure: statistics.median(one[measure] for one in many)
                   for measure in MEASURES}
            for name, many in results.items() if name not in absent}
    return told | {name: {"absent": why} for name, why in absent.items()}


def ratio(pier, other, more_is_better):
    return pier / other if more_is_better else other / pier


def table(results):
    lines = []
    for way, told in results.items():
        head = "host → container" if way == "in" else "container → world"
        lines.append(f"{head:<20}" + "".join(
            f"{name + ' ' + unit:>20}{'pier is':>9}"
            for name, (unit, _) in MEASURES.items()))
        pier = told.get("pier", {})
        for name, row in told.items():
            if "absent" in row:
                lines.append(f"  {name:<18}  absent: {row['absent'][:100]}")
                continue
            cells = ""
            for measure, (_, more) in MEASURES.items():
                share = ("" if name == "pier" or measure not in pier else
                         f"{ratio(pier[measure], row[measure], more):.2f}×")
                cells += f"{row[measure]:>20.2f}{share:>9}"
            lines.append(f"  {name:<18}{cells}")
        lines.append("")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(
        prog="tools/bench", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example: tools/bench --quick")
    parser.add_argument("--quick", action="store_true",
                        help="one short round: is everything there?")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3,
                        help="for each measure of each round")
    parser.add_argument("--way", choices=("in", "out"))
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    scenery.ensure_root()
    rounds, seconds = (1, 1) if given.quick else (given.rounds, given.seconds)
    stage = Stage(scenery.programs())
    try:
        results = {way: one_way(stage, way, rounds, seconds)
                   for way in subjects.WAYS if given.way in (None, way)}
    finally:
        stage.close()
    print(json.dumps(results, indent=2) if given.json else table(results))
    if any("absent" in told.get("pier", {}) for told in results.values()):
        sys.exit(1)


if __name__ == "__main__":
    main()
