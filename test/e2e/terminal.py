"""A program in a real terminal, by tmux."""

from patience import eventually


class Terminal:
    """`case.person` sits in front of it. Ends with the test."""

    def __init__(self, case, *words, columns=80, rows=24):
        self._case = case
        self._socket = case.person.folder / f"tmux-{case.fresh_name()}"
        case.addCleanup(self._end)
        self._tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns),
                   "-y", str(rows), *words)

    def _tmux(self, *words):
        return self._case.person.run("tmux", "-S", self._socket, *words)

    def _end(self):
        self._tmux("kill-server")
        self._socket.unlink(missing_ok=True)

    @property
    def screen(self):
        return self._tmux("capture-pane", "-p").out

    def shows(self, *texts, within=20):
        """Waits until all of them are on the screen."""
        eventually(lambda: all(text in self.screen for text in texts), within,
                   f"{texts} on the screen")

    def press(self, *keys):
        """By their names in tmux: Enter, Escape, C-c, Up, …, or themselves."""
        done = self._tmux("send-keys", *keys)
        self._case.assertEqual(done.status, 0, done)

    def resize(self, columns, rows):
        self._tmux("resize-window", "-x", str(columns), "-y", str(rows))

    @property
    def is_over(self):
        return self._tmux("has-session").status != 0

    def ends(self):
        eventually(lambda: self.is_over, 20, "the end of the session")
