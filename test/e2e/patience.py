"""Waiting: for a condition, never for a time. The only place of the tests that
lets time pass; everything has a deadline."""

import os
import time

# How much slower everything may be than it is without a sanitizer: the factor
# of every deadline, and of no law.
FACTOR = float(os.environ.get("PIER_PATIENCE", "1"))


class Impatience(AssertionError):
    """It did not come true in time."""


def now():
    return time.monotonic()


def eventually(check, within=10.0, what=None):
    """Asks `check` again and again until it answers something true, which is
    returned; an exception that it raises counts as "not yet"."""
    within *= FACTOR
    deadline, delay, last = now() + within, 0.002, None
    while True:
        try:
            last = check()
            if last:
                return last
        except (OSError, LookupError, ValueError, AssertionError) as why:
            last = why
        if now() >= deadline:
            raise Impatience(f"{what or check.__name__}: not within {within} s;"
                             f" last: {last!r}")
        time.sleep(delay)
        delay = min(delay * 1.5, 0.1)


def stays(check, during, what=None):
    """Asks `check` all the while: it must never answer anything false."""
    deadline = now() + during
    while now() < deadline:
        if not check():
            raise AssertionError(f"{what or check.__name__}: no longer so")
        time.sleep(0.01)
