"""What the tests of explored lessons share."""

import json
import os
import re
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "cli"))
from support import Cli, main  # noqa: E402, F401

SCENARIOS = Path(os.environ.get("SAGALAB_SCENARIOS_DIR",
                                Path(__file__).resolve().parent.parent.parent / "scenarios"))
DUAL_WRITE = SCENARIOS / "24-every-single-failure.json"
PLAIN = "plain choreography"


def load(path):
    return json.loads(Path(path).read_text(encoding="utf-8"))


LESSONS = [path for path in sorted(SCENARIOS.glob("[0-9]*.json")) if "explore" in load(path)]


def reports_in(text):
    """One for each case."""
    value = json.loads(text)
    return value if isinstance(value, list) else [value]


def broken(printed):
    """The expectations that a run says were broken, also where that was meant."""
    return re.findall(r"^  (?:BROKE|breaks) +\w+ +(.*?)(?: \(as meant\))?$", printed, re.M)


class Exploring(Cli):
    def explore(self, *words, code=0):
        result = self.sagalab("explore", *map(str, words))
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        return result.stdout

    def explored(self, *words, code=0):
        return reports_in(self.explore("--format", "json", *words, code=code))

    def found(self, path, *words):
        """All counterexamples of a file, each with the file in which it was written."""
        reports = self.explored("-o", "found", *words, path)
        return [found for report in reports for found in report["counterexamples"]]

    def copied(self, path=DUAL_WRITE):
        """A copy that may be edited; what it includes is found beside it."""
        shutil.copy(path, os.path.join(self.folder, "lesson.json"))
        if not os.path.exists(os.path.join(self.folder, "systems")):
            os.symlink(SCENARIOS / "systems", os.path.join(self.folder, "systems"))
        return "lesson.json"
