"""What Pier promises of its speed: the median of one run beside a peer's."""

import statistics

import consoles
import floods
import forwards
import metrics
import proxies
import table

# (section, measure, peer, the least ratio, and whose where it is not Pier's)
BESIDE = [
    ("out", "bulk, 1 stream", "slirp4netns", 2.0),
    ("out", "bulk, 1 stream", "pasta", 1.0),
    ("out", "bulk, 4 streams", "pasta", 1.0),
    ("in", "bulk, 1 stream", "docker-proxy", 1.0),
    ("in", "bulk, 4 streams", "docker-proxy", 1.0),
    ("in", "bulk back, 1 stream", "docker-proxy", 1.0),
    ("in", "bulk back, 4 streams", "docker-proxy", 1.0),
    ("in", "bulk, 1 stream", "rootlesskit", 1.0),
    ("in", "bulk, 4 streams", "rootlesskit", 1.0),
    ("in", "bulk back, 1 stream", "rootlesskit", 1.0),
    ("in", "bulk back, 4 streams", "rootlesskit", 1.0),
    ("in", "connections", "pasta", 1.0),
    ("out", "connections", "pasta", 1.0),
    ("in", "64 bytes there and back", "pasta", 1 / 1.1),
    ("out", "64 bytes there and back", "pasta", 1 / 1.1),
    ("in", "HTTP, kept alive", "pasta", 0.9),
    ("out", "HTTP, kept alive", "pasta", 0.9),
    ("out", "datagrams of 1400 bytes", "slirp4netns", 1.0),
    ("in", "datagrams of 1400 bytes", "docker-proxy", 1.0),
    ("names", "questions, every name new", "unbound", 1.0),
    ("ports", "publish 1,000 ports", "slirp4netns", 1.0),
    ("ports", "unpublish 1,000 ports", "slirp4netns", 1.0),
    # What takes longer is reading a thousand times the text.
    ("forwards", forwards.WHAT, "one forward alone", 1 / 3),
    *(("consoles", what, beside, consoles.PROMISED, who)
      for who, beside in ((consoles.WATCHED, consoles.ALONE),
                          (consoles.FLOODED, consoles.ELSEWHERE))
      for what in (*consoles.TAKEN, consoles.KEPT_UP)),
    *((section, what, peer, 1.0)
      for section, some in proxies.PEERS.items()
      for what in proxies.MEASURES[section] for peer in some),
]

# (section, measure, the most)
BELOW = [
    ("in", "lost of 20,000 a second", 0.0),
    ("out", "lost of 20,000 a second", 0.0),
    ("in", "memory of 1,000 idle", 4.0),
    ("out", "memory of 1,000 idle", 4.0),
    ("ports", "stop of 1,000 ports, 1,000 connections", 1.0),
    ("ports", "wake-ups of 1,000 idle ports", 1.0),
    ("metrics", metrics.SHARE, 1.0),
    *(("floods", f"{flood}, {way}", 2.0)
      for flood in floods.FLOODS for way in floods.PROMISED),
    ("floods", "not given back", 24.0),
    ("floods", "descriptors not given back", 0.0),
]


def values(told, section, what, who):
    return told.get(section, {}).get("results", {}).get(who, {}).get(what)


def draw(told):
    lines = []
    for section, what, peer, least, *whose in BESIDE:
        who = whose[0] if whose else "pier"
        pier = values(told, section, what, who)
        other = values(told, section, what, peer)
        if pier and other:
            share = table.ratio_of(what, pier, other)
            named = "" if who == "pier" else f", {who}"
            lines.append((share >= least,
                          f"{section}: {what}{named}: {share:.2f} of {peer}, "
                          f"promised {least:.2f}"))
    for section, what, most in BELOW:
        if pier := values(told, section, what, "pier"):
            middle = statistics.median(pier)
            text = (f"{section}: {what}: {middle:.2f} "
                    f"{table.UNITS[what][0]}, promised at most {most}")
            if limit := values(told, section, what, "kernel"):
                text += f"; the kernel's own {statistics.median(limit):.2f}"
            lines.append((middle <= most, text))
    if not lines:
        return ""
    kept = sum(good for good, _ in lines)
    return "\n".join([f"promises: {kept} of {len(lines)} kept"] + [
        f"  {'kept  ' if good else 'BROKEN'} {text}" for good, text in lines])
