"""Who strikes: at random paths of the live tree, one or a few at once. It
knows what dies with what, see ARCHITECTURE.md, and tells the clients."""

import collections
import contextlib

from control import Refused
from footprint import nodes
from patience import FACTOR, now

ROOT, KEEPER = "root", "keeper"
# Not below the root of the tree.
ALONE = (ROOT, KEEPER)
WEIGHTS = {"session": 50, "query": 4, "published_port": 12, "sessions": 8,
           "container": 5, "gateway": 4, "dns": 4, "containers": 2,
           "keeper": 2, ROOT: 2}
# One death fewer than a supervisor allows a child, and a longer while.
MOST_DEATHS, WHILE = 4, 13.0
REBIRTH = 30 * FACTOR
EVERYBODYS = (ROOT, "gateway", "dns", "containers", KEEPER)
# Those of every container, or of one.
ALL_FLOWS = (ROOT, "containers")
WITH_FLOWS = (*ALL_FLOWS, "sessions", "container")


class Strikes:
    def __init__(self, ground, rng, pause):
        self.ground, self.ledger, self.rng = ground, ground.ledger, rng
        self.control = ground.control()
        self._pause = pause
        self._deaths = collections.defaultdict(collections.deque)

    def some(self):
        """One, or a burst, of which the later ones meet a tree in ruins."""
        before = {life: life.flows.open_by_source() for life in self.ground.lives}
        tree = dict(nodes(self.control.ask("tree")))
        targets = {}
        for _ in range(self.rng.choice([1, 1, 1, 1, 2, 3])):
            path, node = self.choose(tree)
            if path is not None:
                targets[path] = node
        # A session's path is its own only while its elders live.
        order = sorted(targets, key=lambda path: (path == ROOT,
                                                  -path.count("/")))
        with contextlib.ExitStack() as burning:
            waited = [path for path in order
                      if self.one(path, targets[path], before, burning)]
            for path in waited:
                self.await_rebirth(path, targets)

    def choose(self, tree):
        kinds = {node["kind"] for node in tree.values()} | set(ALONE)
        weights = {kind: weight for kind, weight in WEIGHTS.items()
                   if kind in kinds}
        kind, = self.rng.choices(list(weights), list(weights.values()))
        if kind in ALONE:
            path, node = kind, {"kind": kind}
        else:
            path = self.rng.choice(sorted(
                path for path, node in tree.items() if node["kind"] == kind))
            node = tree[path]
        return (path, node) if self.may_die(path, kind) else (None, None)

    def may_die(self, path, kind):
        if kind in ("session", "query"):
            return True
        deaths = self._deaths[path]
        while deaths and now() - deaths[0] > WHILE * FACTOR:
            deaths.popleft()
        if len(deaths) >= MOST_DEATHS:
            return False
        deaths.append(now())
        return True

    def lives_of(self, path, kind):
        """Whose flows may be hurt."""
        if kind in EVERYBODYS:
            return self.ground.lives if kind in ALL_FLOWS else []
        name = path.split("/")[1]
        return [life for life in self.ground.lives if life.name == name]

    def one(self, path, node, before, burning):
        """Strikes; answers whether somebody is to be reborn."""
        kind = node["kind"]
        lives = self.lives_of(path, kind)
        if kind in EVERYBODYS:
            burning.enter_context(self.ground.fire.burning())
        if kind == "session":
            struck = self.aim(node, lives, before, burning)
        else:
            struck = []
            for life in lives:
                # A port's death excuses a request, but costs no flow.
                fire = (life.fire if kind in WITH_FLOWS
                        else life.port_fire)
                burning.enter_context(fire.burning())
                if kind in WITH_FLOWS:
                    struck += [(life, life.flows.strike())]
        if self.fault(path, kind):
            homes = {life.home.kind for life in lives if life.home}
            self.ledger.struck(kind, path, homes)
            return kind not in ("session", "query")
        for life, flows in struck:
            life.flows.missed(flows)
        return False

    def aim(self, node, lives, before, burning):
        """Which flow is it? One that was open before the tree was read, and
        none other has its source; of the rest nobody can tell."""
        flow = dict(node["facts"])["flow"]
        source = flow.split()[1]
        for life in lives:
            known = before[life].get(source)
            if known is not None and flow.startswith("tcp"):
                return [(life, life.flows.strike([known]))]
            burning.enter_context(life.fire.burning())
            life.flows.excuse(source)
        return []

    def fault(self, path, kind):
        if kind == KEEPER:
            for entry in self.ground.keepers():
                self.ground.host.sh(f"kill -KILL {entry.name} || true")
                return True
            return False
        try:
            self.control.ask("fault", name=path)
            return True
        except Refused:
            return False  # it has ended meanwhile

    def await_rebirth(self, path, targets):
        """It is back, or its container has gone, or an elder is on its way."""
        deadline = now() + REBIRTH
        while now() < deadline:
            if path == KEEPER:
                if self.ground.keepers():
                    return
            elif self.is_back(path, targets):
                return
            self._pause(0.005)
        self.ledger.violation(path, f"is not back after {REBIRTH} s")

    def is_back(self, path, targets):
        try:
            tree = dict(nodes(self.control.ask("tree")))
        except Refused:
            return False
        if path == ROOT:
            return True  # whoever answers is a new one
        node = tree.get(path)
        if node is None:
            return path.startswith("containers/") and "containers" in tree
        alone = ROOT not in targets and not any(
            path.startswith(other + "/") for other in targets)
        return (node["state"] not in ("restarting", "stopping")
                and not (alone
                         and node["restarts"] == targets[path]["restarts"]))
