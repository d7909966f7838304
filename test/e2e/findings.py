"""What the sanitizers find in the programs under test. Exit statuses do not
tell: daemons are killed, and nobody hears those in the background. So findings
go into files, and of a shim, whose environment is empty, to stderr."""

import os
import re

PATTERN = re.compile(r"^.*(?:Sanitizer: |runtime error: ).*$", re.M)


def in_text(text):
    """The first finding, or None."""
    found = PATTERN.search(text)
    return found and found.group()


class Findings:
    def __init__(self, folder):
        self.folder = folder / "findings"
        self.folder.mkdir()
        self.folder.chmod(0o777)

    def options(self):
        """For the environment of what is under test."""
        return {key: f"{value}:log_path={self.folder}/{key}"
                for key, value in os.environ.items()
                if key.endswith("SAN_OPTIONS")}

    def take(self):
        """What was found since the last time, as texts."""
        texts = []
        for path in self.folder.iterdir():
            texts.append(path.read_text(errors="replace"))
            path.unlink()
        return texts
