"""Bad days: containers start, crash and stop at random, with ports and
traffic, while actors are struck at random; whatever was not struck must go on
unharmed. After every stop an audit; at the end the figures. All of it happens
in namespaces of our own; nothing reaches the machine's network."""

import argparse
import pathlib
import random
import signal
import sys

HERE = pathlib.Path(__file__).resolve().parent
# The scenery of the end-to-end tests is just what a soak needs.
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "test/e2e")]

import footprint  # noqa: E402
import scenery  # noqa: E402
from asker import DEADLINE  # noqa: E402
from ground import Ground  # noqa: E402
from ledger import Ledger  # noqa: E402
from life import Life  # noqa: E402
from patience import now  # noqa: E402
from strikes import Strikes  # noqa: E402

LIVES = 5
BETWEEN = 0.12  # seconds from strike to strike, as a mean
INTERRUPTED = 130


def say(*words):
    print(*words, flush=True)


class Soak:
    def __init__(self, given):
        self.rng = random.Random(given.seed)
        self.ledger = Ledger(given.seed, say)
        self.ground = Ground(self.ledger, given.user == "user")
        self.control = self.ground.control()
        self.strikes = Strikes(self.ground, self.rng, self.pause)
        self.interrupted = False

    def pause(self, seconds):
        """Nothing but SIGINT cuts it short."""
        if signal.sigtimedwait([signal.SIGINT], seconds):
            self.interrupted = True

    def phase(self, number, seconds):
        """Some seconds of bad days, and then peace: all has stopped."""
        self.ground.over.clear()
        self.ground.lives = [Life(self.ground, n, number) for n in range(LIVES)]
        for life in self.ground.lives:
            life.start()
        end = now() + seconds
        while now() < end and not self.interrupted and not self.ledger.spoilt:
            self.pause(self.rng.expovariate(1 / BETWEEN))
            self.strikes.some()
        self.ground.over.set()
        for life in self.ground.lives:
            life.join(2 * DEADLINE)
            if life.is_alive():
                self.ledger.violation(life.name, "does not come to its end")
            life.asker.close()
        taken = footprint.settled(self.ground, self.control)
        for row in self.control.ask("audit"):
            if row["fault"]:
                self.ledger.violation(
                    "pier audit", f"{row['thing']}: {row['owner']}")
        return taken

    def run(self, seconds):
        warm = min(60, seconds / 3)
        start = footprint.settled(self.ground, self.control)
        before = after = self.phase(1, warm)
        if not self.interrupted:
            self.phase(2, seconds - warm)
            after, beyond = footprint.back_to(
                before, self.ground, self.control)
            for what in beyond:
                self.ledger.violation(
                    "at the end", f"more {what} than after the warm-up")
        for line in self.ground.unexpected():
            self.ledger.violation("pierd", line)
        say(self.ledger.figures())
        for when, taken in (("at the start", start), ("warmed up", before),
                            ("at the end", after)):
            say(f"{when + ':':16}{taken}")


def arguments():
    parser = argparse.ArgumentParser(
        prog="tools/soak", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example: tools/soak 1 --seed 4711")
    parser.add_argument("minutes", type=float, nargs="?", default=10)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32),
                        help="the same choices again; time is its own master")
    parser.add_argument("--as", choices=["root", "user"], default="root",
                        dest="user", help="who runs pierd")
    return parser.parse_args()


def main():
    given = arguments()
    scenery.ensure_root()
    say(f"tools/soak: {given.minutes:g} minutes, --seed {given.seed}")
    # Taken by `pause` only: neither our threads nor our programs hear it.
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    scenery.close_on_sigterm()
    soak = Soak(given)
    try:
        soak.run(given.minutes * 60)
    except OSError as why:
        # Whoever asked was hung up on: what pierd said last is worth more.
        soak.ledger.violation("the soak", f"it could not go on: {why}")
        for line in soak.ground.unexpected():
            soak.ledger.violation("pierd", line)
    finally:
        soak.ground.close()
    if soak.ledger.violations:
        say(f"tools/soak: {len(soak.ledger.violations)} violations")
        sys.exit(1)
    say("tools/soak: " + ("interrupted" if soak.interrupted else "clean"))
    sys.exit(INTERRUPTED if soak.interrupted else 0)


if __name__ == "__main__":
    main()
