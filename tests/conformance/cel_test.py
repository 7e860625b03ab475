#!/usr/bin/env python3
"""Expressions mean what the official CEL conformance suite wants of them.

cel_cases.jsonl holds the cases of the suite that are within our subset of CEL, left_out.txt counts
the others by reason; cel.mjs writes both, and README.md says how. Needs no Node, but where the
suite is installed (SAGALAB_NODE_MODULES, or build/cel/node_modules), both files must still be what
cel.mjs makes of it.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
BINARY = os.path.abspath(os.environ["SAGALAB"]) if os.environ.get("SAGALAB") else None
MODULES = Path(os.environ.get("SAGALAB_NODE_MODULES",
                              HERE.parent.parent / "build" / "cel" / "node_modules"))
WRITTEN = ("cel_cases.jsonl", "left_out.txt")

AT_LEAST = 500  # cases that pass: the subset grows, it does not shrink


def cases():
    text = (HERE / "cel_cases.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line]


def answers(requests):
    """What sagalab says to each, as it stands in its answer."""
    lines = [json.dumps({key: one[key] for key in ("expr", "with", "check")}) for one in requests]
    result = subprocess.run([BINARY, "eval", "--batch"], input="\n".join(lines) + "\n", text=True,
                            encoding="utf-8", capture_output=True, timeout=60, check=False)
    if result.returncode != 0:
        raise AssertionError(f"exit {result.returncode}\n{result.stderr}")
    return [json.loads(line) for line in result.stdout.split("\n") if line]


def exact(value):
    """As text: to Python, true and 1 are equal."""
    return json.dumps(value, sort_keys=True)


class Conformance(unittest.TestCase):
    def test_every_case_ends_as_the_suite_wants(self):
        wanted = cases()
        found = answers(wanted)
        self.assertEqual(len(found), len(wanted), "answers and expressions")
        wrong = []
        for one, answer in zip(wanted, found):
            good = "error" in answer if "error" in one else \
                "value" in answer and exact(answer["value"]) == exact(one["value"])
            if not good:
                ending = "an error" if "error" in one else exact(one["value"])
                wrong.append(f"{one['name']}: {one['expr']}\n"
                             f"    wanted {ending}, found {exact(answer)}")
        passed = len(wanted) - len(wrong)
        print(f"{passed} of {len(wanted)} cases pass; the others of the suite:")
        print((HERE / "left_out.txt").read_text(encoding="utf-8"))
        if wrong:
            self.fail("\n".join([f"{len(wrong)} cases are wrong", *wrong]))
        self.assertGreaterEqual(passed, AT_LEAST)

    def test_the_list_of_what_is_left_out_adds_up(self):
        text = (HERE / "left_out.txt").read_text(encoding="utf-8")
        run, out = map(int, re.search(r"^(\d+) cases run, (\d+) left out", text, re.M).groups())
        self.assertEqual(run, len(cases()))
        self.assertEqual(out, sum(map(int, re.findall(r"^ {0,5}(\d+)  ", text, re.M))))
        self.assertEqual(out, sum(map(int, re.findall(r"^ {8}(\d+) of ", text, re.M))))

    def test_the_files_are_what_the_suite_gives(self):
        if not shutil.which("node") or not (MODULES / "@bufbuild" / "cel-spec").exists():
            self.skipTest(f"no Node, or the suite is not in {MODULES}")
        with tempfile.TemporaryDirectory() as folder:
            result = subprocess.run(["node", HERE / "cel.mjs", MODULES, folder], text=True,
                                    capture_output=True, timeout=60, check=False)
            self.assertEqual(result.returncode, 0, result.stderr)
            for name in WRITTEN:
                self.assertEqual((HERE / name).read_text(encoding="utf-8"),
                                 (Path(folder) / name).read_text(encoding="utf-8"),
                                 f"{name} is not what cel.mjs writes: run it, then read the diff")


if __name__ == "__main__":
    if not BINARY:
        print("skipped: SAGALAB does not name the binary")
        sys.exit(77)
    unittest.main()
