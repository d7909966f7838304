"""Names, asked with dig from within a container."""

from harness import Case


class Digger(Case):
    """Whose `asker` is the container that asks."""

    def dig(self, *words):
        """dig, with the network and the resolv.conf of the container."""
        done = self.exec_in(self.asker.name, "dig", "+tries=1", "+time=10",
                            *words)
        self.assertEqual(done.status, 0, done)
        return done.out

    def short(self, *words):
        return self.dig("+short", *words).split("\n")[:-1]

    def code(self, *words):
        return self.dig(*words).partition("status: ")[2].partition(",")[0]
