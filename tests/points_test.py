#!/usr/bin/env python3
"""Every point that a lesson passes is struck once by a crash, in a loop: each fires.

What the design makes of it is the lesson's own business (a retriable step that is not idempotent is
tried for ever); that the engine strikes at each point and goes on from there is looked at here.
"""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCENARIOS = Path(os.environ.get("SAGALAB_SCENARIOS_DIR",
                                Path(__file__).resolve().parent.parent / "scenarios"))
BINARY = os.path.abspath(os.environ["SAGALAB"]) if os.environ.get("SAGALAB") else None
LESSONS = sorted(SCENARIOS.glob("[0-9]*.json"))


def sagalab(*words, folder=SCENARIOS):
    return subprocess.run([BINARY, *map(str, words)], cwd=folder, capture_output=True, text=True,
                          timeout=120, check=False)


class Points(unittest.TestCase):
    def strike_each(self, path, name):
        choose = ["--case", name] if name is not None else []
        listed = sagalab("points", "--as-faults", *choose, path.name)
        self.assertEqual(listed.returncode, 0, listed.stderr)
        faults = [json.loads(line) for line in listed.stdout.splitlines()]
        scenario = json.loads(path.read_text(encoding="utf-8"))
        case = scenario.get("cases", {}).get(name, {})
        scenario["cases"] = {}
        scenario["limits"] = {"events": 20_000}
        for number, fault in enumerate(faults):
            one = dict(case)
            one["addFaults"] = [*case.get("addFaults", []), fault]
            scenario["cases"][f"{number} {json.dumps(fault)}"] = one
        if not faults:
            return 0
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "systems").symlink_to(SCENARIOS / "systems")
            struck = Path(folder) / "struck.json"
            struck.write_text(json.dumps(scenario), encoding="utf-8")
            result = sagalab("run", "-f", "none", struck, folder=folder)
        self.assertIn(result.returncode, (0, 1, 3), result.stderr)
        lines = (result.stdout + result.stderr).splitlines()
        for fault in faults:
            text = f"crash {fault['crash']} {fault['point']} during {fault['during']}"
            missed = [line for line in lines if text in line and "never fired" in line]
            self.assertFalse(missed, missed)
        return len(faults)

    def test_each_point_of_each_lesson(self):
        struck = 0
        for path in LESSONS:
            scenario = json.loads(path.read_text(encoding="utf-8"))
            if path.name.startswith("17"):
                continue  # hundreds of clients: the same few points over and over
            for name in scenario.get("cases", {None: None}):
                with self.subTest(scenario=path.name, case=name):
                    struck += self.strike_each(path, name)
        self.assertGreater(struck, 500)


if __name__ == "__main__":
    if not BINARY:
        print("skipped: SAGALAB does not name the binary")
        sys.exit(77)
    unittest.main()
