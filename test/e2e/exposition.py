"""Reads Prometheus' text format (version 0.0.4), and believes nothing: what its
own parser takes in silence is an error here."""

import re

NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*\Z")
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"')
KINDS = {"counter", "gauge", "histogram"}
PARTS = ("_bucket", "_sum", "_count")


class Malformed(ValueError):
    """It is not the format."""


def read_labels(text):
    """name="value",…"""
    labels, at = {}, 0
    while at < len(text):
        found = LABEL.match(text, at)
        if not found:
            raise Malformed(f"no label: {text[at:]!r}")
        name, value = found.groups()
        if name in labels:
            raise Malformed(f"twice: {name}")
        labels[name] = re.sub(
            r"\\(.)", lambda it: {"n": "\n"}.get(it[1], it[1]), value)
        at = found.end()
        if at < len(text):
            if text[at] != ",":
                raise Malformed(f"no comma: {text[at:]!r}")
            at += 1
    return labels


def read_sample(line):
    found = re.match(r"([^{\s]+)(?:\{(.*)\})? (\S+)\Z", line)
    if not found or not NAME.match(found[1]):
        raise Malformed(f"no sample: {line!r}")
    return found[1], read_labels(found[2] or ""), float(found[3])


def family_of(name, kinds):
    for part in PARTS:
        base = name.removesuffix(part)
        if base != name and kinds.get(base) == "histogram":
            return base
    return name


def check_histogram(name, series):
    """Buckets grow, and the last one is the count."""
    buckets = {}
    for (part, labels), value in series.items():
        if part == name + "_bucket":
            rest = dict(labels)
            bound = float(rest.pop("le"))
            buckets.setdefault(frozenset(rest.items()), []).append(
                (bound, value))
    for labels, all_of_it in buckets.items():
        counts = [value for _, value in sorted(all_of_it)]
        if counts != sorted(counts) or max(all_of_it)[0] != float("inf"):
            raise Malformed(f"{name}: buckets {all_of_it}")
        if series.get((name + "_count", labels)) != counts[-1]:
            raise Malformed(f"{name}: its count is not its last bucket")


class Exposition:
    """The samples: `value(name, label=…)`, `series(name)`."""

    def __init__(self, text):
        if not text.endswith("\n"):
            raise Malformed("the last line does not end")
        self.kinds, self.helps, self._all = {}, {}, {}
        self._order = []
        for line in text[:-1].split("\n"):
            self._take(line)
        for name, kind in self.kinds.items():
            if name not in self.helps:
                raise Malformed(f"no help: {name}")
            if kind == "histogram":
                check_histogram(name, self._all)

    def _take(self, line):
        if line.startswith("# "):
            _, what, name, rest = line.split(" ", 3)
            book = {"HELP": self.helps, "TYPE": self.kinds}[what]
            if name in book or not NAME.match(name):
                raise Malformed(f"twice, or no name: {line!r}")
            if what == "TYPE" and rest not in KINDS:
                raise Malformed(f"no such type: {line!r}")
            book[name] = rest
            return
        name, labels, value = read_sample(line)
        family = family_of(name, self.kinds)
        if family not in self.kinds:
            raise Malformed(f"no type before it: {line!r}")
        # All samples of a family stand together.
        if family in self._order and self._order[-1] != family:
            raise Malformed(f"torn apart: {family}")
        if family not in self._order:
            self._order.append(family)
        if (self.kinds[family] == "counter") != name.endswith("_total"):
            raise Malformed(f"counters alone end in _total: {name}")
        key = name, frozenset(labels.items())
        if key in self._all:
            raise Malformed(f"twice: {line!r}")
        if value < 0:
            raise Malformed(f"negative: {line!r}")
        self._all[key] = value

    def value(self, name, **labels):
        """0 where there is no such sample."""
        return self._all.get((name, frozenset(labels.items())), 0)

    def series(self, name):
        """The labels of each sample, and its value."""
        return [(dict(labels), value)
                for (of, labels), value in self._all.items() if of == name]

    def counters(self):
        """Whatever may not grow less."""
        return {key: value for key, value in self._all.items()
                if self.kinds[family_of(key[0], self.kinds)] != "gauge"}
