"""What happened, in numbers, and what should not have happened."""

import collections
import statistics
import threading

MOST_VIOLATIONS = 20


class Ledger:
    def __init__(self, seed, say):
        self.seed, self._say = seed, say
        self._lock = threading.Lock()
        self._counts = collections.Counter()
        self.kills = collections.Counter()
        self._struck_at = collections.Counter()
        self._stops = collections.defaultdict(list)
        self.violations = []
        self._recent = collections.deque(maxlen=8)

    def count(self, what, by=1):
        with self._lock:
            self._counts[what] += by

    def struck(self, kind, path, homes):
        with self._lock:
            self.kills[kind] += 1
            if len(homes) == 1:
                self._struck_at.update(homes)
            self._recent.append(path)

    def stopped(self, home, seconds):
        with self._lock:
            self._stops[home].append(seconds)

    def violation(self, where, what):
        """Says at once what broke the law, and what was struck before."""
        with self._lock:
            text = (f"VIOLATION (--seed {self.seed}) {where}: {what}; "
                    f"struck last: {', '.join(self._recent) or 'nothing'}")
            self.violations.append(text)
        self._say(text)

    @property
    def spoilt(self):
        return len(self.violations) >= MOST_VIOLATIONS

    def figures(self):
        told = self._counts
        lines = [
            ("containers run", f"{told['containers']}, of which "
             f"{told['ended by stop']} were stopped, "
             f"{told['ended by crash']} crashed, "
             f"{told['ended by quit']} ended by a signal, "
             f"{told['never ran']} struck before they ran"),
            *((f"stops, {home}", quantiles(each))
              for home, each in sorted(self._stops.items())),
            ("audits", f"{told['audits']}"),
            ("kills", f"{sum(self.kills.values())}: {listed(self.kills)}"),
            ("at one alone", listed(self._struck_at)),
            ("connections", f"{told['connections']} verified in "
             f"{told['rounds']} rounds, {told['bytes'] / 1e6:.1f} MB each way; "
             f"{told['struck']} struck, {told['caught']} caught by another's "
             "strike"),
            ("datagrams", f"{told['datagrams']} echoed, {told['names']} names "
             f"resolved, {told['again']} asked again"),
            ("ports", f"{told['published']} published and unpublished live"),
            ("unharmed", f"{told['died in peace']} flows died that should not "
             f"have, {told['outlived']} lived that should not have"),
        ]
        return "\n".join(f"{what + ':':16}{text}" for what, text in lines)


def listed(counts):
    return ", ".join(f"{what} {count}"
                     for what, count in counts.most_common()) or "none"


def quantiles(seconds):
    if len(seconds) < 2:
        return f"{len(seconds)}"
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return (f"{len(seconds)}, p50 {cuts[49] * 1000:.0f} ms, "
            f"p99 {cuts[98] * 1000:.0f} ms")
