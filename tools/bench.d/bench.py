"""Measures Pier beside its peers, into a container and out of it. All of it
happens in namespaces of our own; nothing reaches the machine's network.

The rounds are interleaved, so that a machine that is busy for a while is busy
for everybody; what counts is the median, and behind it stands the spread. The
ratio says how Pier compares with the column's subject: 2.00 is twice as good,
whichever way the measure runs."""

import argparse
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
# The scenery of the end-to-end tests is just what a benchmark needs.
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "test/e2e")]

import behaviour  # noqa: E402
import consoles  # noqa: E402
import control  # noqa: E402
import floods  # noqa: E402
import forwards  # noqa: E402
import inward  # noqa: E402
import measures  # noqa: E402
import metrics  # noqa: E402
import names  # noqa: E402
import outward  # noqa: E402
import peers  # noqa: E402
import plot  # noqa: E402
import ports  # noqa: E402
import promises  # noqa: E402
import proxies  # noqa: E402
import scenery  # noqa: E402
import stage as around  # noqa: E402
import table  # noqa: E402

WAYS = {"in": inward.ALL, "out": outward.ALL}
SECTIONS = (*WAYS, "names", "ports", "forwards", "metrics", "consoles",
            "floods", *proxies.ALL, "behaviour")
TROUBLE = (peers.Absent, control.Refused, OSError, AssertionError,
           ValueError, KeyError, subprocess.SubprocessError)


def say(*words):
    print(*words, file=sys.stderr, flush=True)


class Field:
    """Those who take part in a section, and what was measured of them."""

    def __init__(self, stage, kinds, wanted):
        self.here, self.absent, self.results = [], {}, {}
        for kind in kinds:
            if wanted and kind.name not in wanted:
                continue
            try:
                self.here.append(kind(stage))
                self.results[kind.name] = {}
            except TROUBLE as why:
                self.absent[kind.name] = str(why)

    def measure(self, what, take):
        """One measure of everybody, one after the other."""
        for subject in self.here:
            try:
                value = take(subject)
            except TROUBLE as why:
                say(f"  {subject.name}, {what}: {why}")
                continue
            if value is not None:
                self.results[subject.name].setdefault(what, []).append(value)

    def close(self):
        for subject in self.here:
            subject.close()

    def told(self):
        return {"results": self.results, "absent": self.absent}


def run_way(stage, way, given):
    field = Field(stage, WAYS[way], given.only)
    try:
        for number in range(given.rounds):
            for what, measure in measures.ALL.items():
                if given.measure and given.measure not in what:
                    continue
                say(f"{way}, round {number + 1}/{given.rounds}: {what}")
                field.measure(
                    what, lambda one, m=measure: m.take(one, given.seconds))
    finally:
        field.close()
    return field.told()


def run_names(stage, given):
    field = Field(stage, names.ALL, given.only)
    try:
        for number in range(given.rounds):
            say(f"names, round {number + 1}/{given.rounds}")
            field.measure("questions, every name new",
                          lambda one: names.measure(one, given.seconds))
    finally:
        field.close()
    return field.told()


def run_acts(section, acts, given):
    """Each act answers all of its figures at once."""
    results, absent = {name: {} for name in acts}, {}
    for number in range(given.rounds):
        say(f"{section}, round {number + 1}/{given.rounds}")
        for name, act in acts.items():
            if name in absent:
                continue
            try:
                for what, value in act().items():
                    results[name].setdefault(what, []).append(value)
            except TROUBLE as why:
                absent[name] = str(why)
    return {"results": results, "absent": absent}


def run_ports(stage, given):
    return run_acts("ports", {
        "slirp4netns": lambda: ports.slirp(stage),
        "pier": lambda: ports.pier(stage, 3 * given.seconds)}, given)


def run_forwards(stage, given):
    return run_acts("forwards", {
        "pier": lambda: forwards.measure(stage, forwards.COUNT),
        "one forward alone": lambda: forwards.measure(stage, 1)}, given)


def run_metrics(stage, given):
    say(f"metrics, {given.rounds} rounds in one")
    results, absent = {"pier": {}}, {}
    try:
        results["pier"] = metrics.measure(stage, given.rounds)
    except TROUBLE as why:
        absent["pier"] = str(why)
    return {"results": results, "absent": absent}


def run_consoles(stage, given):
    return run_acts("consoles", consoles.acts(stage, given.seconds), given)


def run_floods(stage, given):
    stage.host.sh(f"mkdir /mnt/bench && mount --bind {HERE} /mnt/bench")
    field = Field(stage, floods.ALL, given.only)
    try:
        for number in range(given.rounds):
            for flood in floods.FLOODS:
                if given.measure and given.measure not in flood:
                    continue
                say(f"floods, round {number + 1}/{given.rounds}: {flood}")
                for subject in field.here:
                    try:
                        found = floods.measure(subject, flood, given.seconds)
                    except TROUBLE as why:
                        say(f"  {subject.name}, {flood}: {why}")
                        continue
                    for what, value in found.items():
                        field.results[subject.name].setdefault(
                            what, []).append(value)
    finally:
        field.close()
    return field.told()


def run_proxies(stage, section, given):
    results, absent = {}, {}
    for number in range(given.rounds):
        field = Field(stage, proxies.ALL[section], given.only)
        try:
            for what, take in proxies.MEASURES[section].items():
                if given.measure and given.measure not in what:
                    continue
                say(f"{section}, round {number + 1}/{given.rounds}: {what}")
                field.measure(
                    what, lambda one, take=take: take(one, given.seconds))
        finally:
            field.close()
        absent |= field.absent
        for name, figures in field.results.items():
            for what, values in figures.items():
                results.setdefault(name, {}).setdefault(what, []).extend(values)
    return {"results": results, "absent": absent}


def arguments():
    parser = argparse.ArgumentParser(
        prog="tools/bench", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="examples: tools/bench --install; tools/bench --quick; "
               "tools/bench --section out --measure connections --only pier "
               "--only pasta")
    parser.add_argument("--install", action="store_true",
                        help="first bring the peers that are not here, "
                             "unpacked into build/peers")
    parser.add_argument("--quick", action="store_true",
                        help="one short round: is everything there?")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2,
                        help="for each measure of each round")
    parser.add_argument("--section", choices=SECTIONS, action="append",
                        help="this one alone; may be repeated")
    parser.add_argument("--measure", help="those whose name has this in it")
    parser.add_argument("--only", action="append", metavar="SUBJECT",
                        help="this subject alone; may be repeated")
    parser.add_argument("--json", metavar="FILE",
                        help="keep the figures there; - is standard output")
    parser.add_argument("--plot", metavar="FILE.svg",
                        help="draw the ratios there")
    given = parser.parse_args()
    if given.quick:
        given.rounds, given.seconds = 1, 1
    return given


def main():
    given = arguments()
    scenery.ensure_root()
    scenery.close_on_sigterm()
    sections = given.section or SECTIONS
    told = {}
    stage = around.Stage(scenery.programs())
    try:
        for way in WAYS:
            if way in sections:
                told[way] = run_way(stage, way, given)
        if "names" in sections:
            told["names"] = run_names(stage, given)
        if "ports" in sections:
            told["ports"] = run_ports(stage, given)
        if "forwards" in sections:
            told["forwards"] = run_forwards(stage, given)
        if "metrics" in sections:
            told["metrics"] = run_metrics(stage, given)
        if "consoles" in sections:
            told["consoles"] = run_consoles(stage, given)
        if "floods" in sections:
            told["floods"] = run_floods(stage, given)
        for section in proxies.ALL:
            if section in sections:
                told[section] = run_proxies(stage, section, given)
        if "behaviour" in sections:
            told["behaviour"] = behaviour.observe(stage, given.only, say)
    finally:
        stage.close()
    if given.json != "-":
        print(table.machine())
        print(table.draw(told))
        print(promises.draw(told))
    if given.json:
        text = json.dumps(told, indent=2) + "\n"
        if given.json == "-":
            print(text, end="")
        else:
            pathlib.Path(given.json).write_text(text, encoding="utf-8")
    if given.plot:
        pathlib.Path(given.plot).write_text(plot.draw(told), encoding="utf-8")
    missing = [section for section, one in told.items()
               if "pier" in one["absent"]]
    if missing:
        sys.exit(f"tools/bench: pier itself is absent from {missing}")


if __name__ == "__main__":
    main()
