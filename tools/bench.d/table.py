"""The figures as tables for people."""

import os
import pathlib
import statistics

import behaviour
import consoles
import floods
import forwards
import measures
import metrics
import ports

TITLES = {"in": "host → container", "out": "container → world",
          "names": "names", "ports": "ports",
          "forwards": "a thousand static forwards",
          "metrics": "a thousand containers, counted",
          "consoles": "looked at, under load",
          "floods": "floods of one guest, p99 of another",
          "socks": "host → container, by SOCKS",
          "proxy": "container → world, by an HTTP proxy"}
UNITS = {what: (one.unit, one.more_is_better)
         for what, one in measures.ALL.items()}
UNITS |= {what: (unit, False) for what, unit in ports.UNITS.items()}
UNITS |= {what: (unit, False) for what, unit in forwards.UNITS.items()}
UNITS |= {what: (unit, False) for what, unit in metrics.UNITS.items()}
UNITS |= consoles.UNITS
UNITS |= {what: (unit, False) for what, unit in floods.UNITS.items()}
UNITS["questions, every name new"] = ("1/s", True)


def machine():
    """What the figures depend on, and differs from host to host."""
    control = pathlib.Path("/proc/sys/net/ipv4/tcp_congestion_control")
    return (f"Linux {os.uname().release}, {os.cpu_count()} processors, "
            f"congestion control {control.read_text().strip()}\n")


def ratio(pier, other, more_is_better):
    """Two is twice as good. Who needs nothing is as good as one can be."""
    if not more_is_better:
        pier, other = other, pier
    return pier / other if other else (1.0 if not pier else float("inf"))


def number(value):
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 100 else f"{value:.2f}"


def spread(values):
    """Half of the way from the least to the most, as a share."""
    middle = statistics.median(values)
    return (max(values) - min(values)) / 2 / middle if middle else 0


def cell(what, values, pier):
    if not values:
        return "–"
    text = number(statistics.median(values))
    if len(values) > 1:
        text += f" ±{spread(values):.0%}"
    if pier and values is not pier:
        text += f" {ratio_of(what, pier, values):.2f}×"
    return text


def ratio_of(what, pier, other):
    return ratio(statistics.median(pier), statistics.median(other),
                 UNITS[what][1])


def draw_section(title, told):
    results = told["results"]
    columns = ["pier", *(name for name in results if name != "pier")]
    columns = [name for name in columns if name in results]
    rows = [what for what in UNITS
            if any(what in results[name] for name in columns)]
    lines = [[title, *columns]]
    for what in rows:
        pier = results.get("pier", {}).get(what)
        lines.append([f"{what}, {UNITS[what][0]}", *(
            cell(what, results[name].get(what), pier) for name in columns)])
    widths = [max(len(line[i]) for line in lines)
              for i in range(len(lines[0]))]
    out = ["  ".join([line[0].ljust(widths[0]), *(
        text.rjust(width) for text, width in zip(line[1:], widths[1:]))])
        for line in lines]
    out += [f"  {name} is absent: {why[:150]}"
            for name, why in told["absent"].items()]
    return "\n".join(out) + "\n"


def aligned(rows):
    widths = [max(map(len, column)) for column in zip(*rows)]
    return ["  ".join(text.ljust(width)
                      for text, width in zip(row, widths)).rstrip()
            for row in rows]


def draw_behaviour(told):
    """What differs from the kernel's own answer is marked: !"""
    lines = []
    for way, results in told["results"].items():
        if not results:
            continue
        faults = {name: behaviour.faults(results, name) for name in results}
        rows = [[f"behaviour, {TITLES[way]}", *results]]
        rows += [[what, *(
            row.get(what, "–") + ("!" if what in faults[name] else "")
            for name, row in results.items())]
            for what in results.get(behaviour.HONEST)
            or next(iter(results.values()))]
        clean = [name for name in results if not faults[name]]
        lines += [*aligned(rows),
                  f"  clean, answering as the kernel does: {', '.join(clean)}",
                  ""]
    lines += [f"  {name} is absent: {why[:150]}"
              for name, why in told["absent"].items()]
    return "\n".join(lines)


def draw(told):
    parts = [draw_section(TITLES[key], one) for key, one in told.items()
             if key != "behaviour"]
    if "behaviour" in told:
        parts.append(draw_behaviour(told["behaviour"]))
    return "\n".join(parts)
