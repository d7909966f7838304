"""Requests of a container's: in peace each must be granted; while something
that it hangs on burns it may be refused, but is answered all the same."""

import threading

from control import Refused
from patience import FACTOR, eventually, now

DEADLINE = 60 * FACTOR
GONE = "no_such_container"


class Asker:
    def __init__(self, control, violation, fires):
        self._control, self._violation, self._fires = control, violation, fires

    def close(self):
        self._control.close()

    def ask(self, verb, **what):
        """The answer, or None if it was refused."""
        peace = self._peace()
        try:
            return self._control.ask(verb, **what)
        except Refused as why:
            if self._lasts(peace):
                self._violation(f"{why} ({why.code})")
            return None

    def insist(self, verb, name, enough=(GONE,), **what):
        """Until it is done, or a refusal says that there is nothing to do."""
        deadline = now() + DEADLINE
        while now() < deadline:
            peace = self._peace()
            try:
                return self._control.ask(verb, name=name, **what)
            except Refused as why:
                peaceful = self._lasts(peace)
                if why.code in enough and why.code != GONE:
                    return None
                if why.code in enough and not self._lives(name):
                    return None
                # Denied while it lives, it lives in peace or not.
                if peaceful or why.code == GONE:
                    return self._violation(f"{why} ({why.code})")
                threading.Event().wait(0.02)
        return self._violation(f"{verb} is not done within {DEADLINE} s")

    def _lives(self, name):
        """Whether the supervisor lists it; one that is being restarted is
        asked again."""
        def listed():
            try:
                return [self._control.ask("list")]
            except Refused:
                return None

        everybody, = eventually(listed, 20, "a list of the containers")
        return any(each["name"] == name and each["state"] != "exited"
                   for each in everybody)

    def _peace(self):
        return [fire.token() for fire in self._fires]

    def _lasts(self, peace):
        return not any(fire.since(token)
                       for fire, token in zip(self._fires, peace))
