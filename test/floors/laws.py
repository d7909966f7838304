"""The laws of the source tree, as pure functions: {path: text} in, complaints
out. floors_test.py applies them to this checkout, and to guilty trees."""

import re

# What the code of a floor may include. Whatever is not named is a test.
BELOW = {
    "messages": {"messages"},
    "config": {"messages", "config"},
    "net": {"messages", "net"},
    "actors": {"messages", "config", "net", "actors"},
    "tools": {"messages", "config", "net", "actors", "tools"},
}

# Headers of messages/ that speak CAF; net and config do not include them.
ACTOR_WORDS = {f"messages/{name}.hpp" for name in
               ("atoms", "handles", "node_handles", "session_handles",
                "socks_handles", "type_ids")}

# Who may read the clock, and why. Everybody else is told the time, or asks
# his actor's clock, so that a test can make it stand still.
CLOCK_READERS = {
    "net/relay/": "runs on threads of its own, where no actor's clock reaches",
    "net/port/listening_watch": "measures what a look costs the loop",
    "net/port/udp_": "a flow's idle time is a timer of the loop it runs on",
    "net/gateway/transparent_listener": "its deadlines are its loop's timers",
    "tools/control/server": "news bears the time of day at which it was heard",
    "test/support/deadline": "real kernels are waited for, but not for ever",
    "tools/pier/top/": "a rate is by the time between two looks",
    "tools/bench.d/": "measuring is its job",
}

SIZE_LIMIT = 300

INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]', re.M)
CLOCK = re.compile(
    r"(steady_|system_|high_resolution_|\b)clock(_type)?::now\s*\("
    r"|\bclock_gettime\s*\(")
SLEEP = re.compile(r"\bsleep_(for|until)\s*\(|(?<![\w.>])u?sleep\s*\("
                   r"|\bnanosleep\s*\(")
PYTHON_SLEEP = re.compile(r"(?<!\w)(time\.)?sleep\s*\(")
MARKER = re.compile(r"\b(TODO|FIXME|XXX)\b")
VAGUE = re.compile(r"_(manager|helper|util|utils)\b")


def cpp(files):
    return {path: text for path, text in files.items()
            if path.endswith((".hpp", ".cpp"))}


def includes(text, quote='"'):
    return [name for kind, name in INCLUDE.findall(text) if kind == quote]


def upward(files):
    """Includes that point up the floors."""
    found = []
    for path, text in cpp(files).items():
        allowed = BELOW.get(path.split("/")[0])
        if allowed is None:
            continue
        for name in includes(text):
            if name.split("/")[0] not in allowed:
                found.append(f"{path} includes {name}")
    return found


def unrooted(files):
    """Includes in quotes that are not written from the root."""
    return [f"{path} includes {name}"
            for path, text in cpp(files).items()
            for name in includes(text) if name not in files]


def circles(files):
    """Headers that include each other."""
    graph = {path: [n for n in includes(text) if n in files]
             for path, text in cpp(files).items()}
    done, found = set(), []

    def walk(path, trail):
        if path in trail:
            found.append(" -> ".join(trail[trail.index(path):] + [path]))
        elif path not in done:
            for name in graph.get(path, ()):
                walk(name, trail + [path])
            done.add(path)

    for path in graph:
        walk(path, [])
    return found


def actors_below(files):
    """CAF in net or config."""
    found = []
    for path, text in cpp(files).items():
        if path.split("/")[0] in ("net", "config"):
            found += [f"{path} includes <{name}>"
                      for name in includes(text, "<")
                      if name.startswith("caf/")]
            found += [f"{path} includes {name}" for name in includes(text)
                      if name in ACTOR_WORDS]
    return found


def leaks(files, door):
    """CAF within what the public header includes, however far down."""
    found, seen, todo = [], set(), [door]
    while todo:
        path = todo.pop()
        if path in seen or path not in files:
            continue
        seen.add(path)
        found += [f"{path} includes <{name}>"
                  for name in includes(files[path], "<")
                  if name.startswith("caf/")]
        todo += includes(files[path])
    return found


def lines_of(pattern, files):
    return [f"{path}:{number}: {line.strip()}"
            for path, text in files.items()
            for number, line in enumerate(text.splitlines(), 1)
            if pattern.search(line)]


def clock_readers(files):
    return lines_of(CLOCK, {
        path: text for path, text in cpp(files).items()
        if not path.startswith(tuple(CLOCK_READERS))})


def sleepers(files):
    python = {path: text for path, text in files.items()
              if path.endswith(".py")
              and path != "test/e2e/patience.py"}
    return lines_of(SLEEP, cpp(files)) + lines_of(PYTHON_SLEEP, python)


def too_long(files):
    lengths = {path: len(text.splitlines()) for path, text in files.items()}
    return [f"{path} has {lengths[path]} lines" for path in lengths
            if lengths[path] > SIZE_LIMIT]


def unfinished(files):
    return lines_of(MARKER, files)


def vague_names(files):
    return [path for path in files
            if VAGUE.search(path.rsplit("/", 1)[-1].split(".")[0])]


def unexplained(settings):
    """Checks that .clang-tidy takes out without a sentence, and sentences for
    checks that it does not take out."""
    reasons = set(re.findall(r"^# ([a-z][\w.*-]*): \S.*\.$", settings, re.M))
    taken = set(re.findall(r"^\s+-([\w.*-]+),?$", settings, re.M))
    return sorted(reasons ^ taken)
