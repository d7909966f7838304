"""What Pier takes of a machine when nothing runs: it must be the same before
and after, whatever happened in between."""

import dataclasses

from patience import Impatience, eventually

# The gateway's store of ready sockets breathes by some dozens.
DESCRIPTORS = 64
# What an allocator keeps of a worse hour, and the records of what has ended.
MEGABYTES = 24


@dataclasses.dataclass
class Footprint:
    actors: int
    threads: int
    descriptors: int
    megabytes: float

    def __str__(self):
        return (f"{self.actors} actors, {self.threads} threads, "
                f"{self.descriptors} descriptors, {self.megabytes:.1f} MB")

    def beyond(self, before):
        """What there is too much of."""
        return [what for what, spare in (
            ("actors", 0), ("threads", 0), ("descriptors", DESCRIPTORS),
            ("megabytes", MEGABYTES))
            if getattr(self, what) > getattr(before, what) + spare]


def nodes(tree, path=""):
    """Every (path, node) below the root of a tree."""
    for child in tree["children"]:
        here = f"{path}/{child['name']}" if path else child["name"]
        yield here, child
        yield from nodes(child, here)


def take(ground, control):
    """Of pierd, and in memory of its gateway's keeper, too."""
    entry = ground.host.proc(ground.daemon.inner_pid)
    status = (entry / "status").read_text()
    shares = sum(share(each) for each in (entry, *ground.keepers()))
    return Footprint(
        1 + sum(1 for _ in nodes(control.ask("tree"))),
        int(status.partition("Threads:")[2].split()[0]),
        sum(1 for _ in (entry / "fd").iterdir()),
        shares / 1024)


def share(entry):
    """Kilobytes that a process has to itself, or its share."""
    for line in (entry / "smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    raise LookupError("Pss")


def settled(ground, control):
    """When nothing has changed for a moment."""
    def same_twice():
        first, second = take(ground, control), take(ground, control)
        return (second if (first.actors, first.threads, first.descriptors)
                == (second.actors, second.threads, second.descriptors)
                else None)

    return eventually(same_twice, 30, "it comes to rest")


def back_to(before, ground, control):
    """(the footprint, what it has too much of), after some patience."""
    try:
        now = eventually(
            lambda: None if (one := settled(ground, control)).beyond(before)
            else one, 30)
        return now, []
    except Impatience:
        now = settled(ground, control)
        return now, now.beyond(before)
