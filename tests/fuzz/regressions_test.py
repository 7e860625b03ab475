#!/usr/bin/env python3
"""No input that was ever kept ends the program by a signal: regressions/, through the command line.

NAME.json is a scenario file, or what passes for one; NAME.cel is an expression and, behind a zero
byte, the JSON of its names. Each is refused or comes to an end with one of the documented exit
codes, and a trace is the same with 1 and 8 threads. The programs of libFuzzer, which find such
inputs, are started by run.py.
"""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from support.traces import BINARY, PLAIN

INPUTS = HERE / "regressions"

DONE = (0, 1, 2)
LIMIT = 3  # also good for a scenario that has limits of its own
SECONDS = 60


def sagalab(*words, **more):
    return subprocess.run([BINARY, *words], capture_output=True, timeout=SECONDS, check=False,
                          env=PLAIN, **more)


def kept(suffix):
    return sorted(INPUTS.glob(f"*{suffix}"))


class Regressions(unittest.TestCase):
    def ends(self, result, codes):
        self.assertIn(result.returncode, codes, result.stderr.decode(errors="replace"))
        for trouble in (b"internal error", b"Sanitizer", b"runtime error:"):
            self.assertNotIn(trouble, result.stderr)
        if result.returncode == 2:
            self.assertIn(b"error: ", result.stderr, "refused without a word")

    def test_there_are_some(self):
        self.assertTrue(kept(".json") and kept(".cel"))

    def test_scenarios(self):
        for path in kept(".json"):
            with self.subTest(file=path.name):
                self.ends(sagalab("check", "--dump", path.name, cwd=INPUTS), DONE)
                self.ends(sagalab("run", path.name, cwd=INPUTS), (*DONE, LIMIT))
                traces = [sagalab("run", "--format", "jsonl", "--threads", threads, path.name,
                                  cwd=INPUTS) for threads in ("1", "8")]
                for result in traces:
                    self.ends(result, (*DONE, LIMIT))
                self.assertEqual(traces[0].stdout, traces[1].stdout, "1 and 8 threads")

    def test_expressions(self):
        for path in kept(".cel"):
            with self.subTest(file=path.name):
                expression, zero, names = path.read_bytes().partition(b"\0")
                with_names = ["--with", names.replace(b"\0", b" ")] if zero else []
                self.ends(sagalab("eval", *with_names, "--", expression), DONE)

    def test_as_standard_input(self):
        """Also what is no scenario at all, and without a file's name."""
        for path in [*kept(".json"), *kept(".cel")]:
            with self.subTest(file=path.name), tempfile.TemporaryDirectory() as folder:
                self.ends(sagalab("check", "-", cwd=folder, input=path.read_bytes()), DONE)


if __name__ == "__main__":
    if not BINARY:
        print("skipped: SAGALAB does not name the binary")
        sys.exit(77)
    unittest.main()
