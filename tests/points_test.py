#!/usr/bin/env python3
"""Everything that can fail in a lesson is failed once, in a loop, until nothing is left to fail.

Of each case: its first pass of a point is struck by a crash, then its second, and so on until the
fault no longer fires; so is each delivery, by every kind of fault that can stand at it. What the
design makes of it is the lesson's own business (a retriable step that is not idempotent is tried
for ever); that the engine strikes at each place, counts, and goes on from there is looked at here.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCENARIOS = Path(os.environ.get("SAGALAB_SCENARIOS_DIR",
                                Path(__file__).resolve().parent.parent / "scenarios"))
BINARY = os.path.abspath(os.environ["SAGALAB"]) if os.environ.get("SAGALAB") else None
LESSONS = [path for path in sorted(SCENARIOS.glob("[0-9]*.json"))
           if not path.name.startswith("17")]  # hundreds of clients at the same few points

POINT = re.compile(r" *(\d+)  ([^.]+)\.(.+?): ((?:before|after) .+)")
MESSAGE_FAULTS = ("drop", "duplicate", "fail", "reject", "dropReply", "delay")


def sagalab(*words, folder=SCENARIOS):
    return subprocess.run([BINARY, *map(str, words)], cwd=folder, capture_output=True, text=True,
                          timeout=120, check=False)


def cases():
    for path in LESSONS:
        for name in json.loads(path.read_text(encoding="utf-8")).get("cases", {None: None}):
            yield path, name


def points(path, name):
    """(passes, service, handler, point) of every point that the case passes."""
    choose = ["--case", name] if name is not None else []
    listed = sagalab("points", *choose, path.name)
    assert listed.returncode == 0, listed.stderr
    found = [POINT.fullmatch(line) for line in listed.stdout.splitlines()]
    return [(int(match[1]), *match.groups()[1:]) for match in found if match]


class Struck:
    """One case of a lesson, again and again with one fault more."""

    def __init__(self, path, name, folder):
        self.scenario = json.loads(path.read_text(encoding="utf-8"))
        self.case = self.scenario.get("cases", {}).get(name, {})
        self.scenario["limits"] = {"events": 20_000}
        self.folder = folder
        if not (folder / "systems").exists():
            (folder / "systems").symlink_to(SCENARIOS / "systems")

    def stops_by_itself(self):
        own = [self.scenario.get("faults", []), self.case.get("faults", []),
               self.case.get("addFaults", [])]
        return any("crash" in fault or "stall" in fault for faults in own for fault in faults)

    def write(self, faults):
        """Each case on a line of its own, from the second one on."""
        made = [json.dumps({**self.case, "addFaults": [*self.case.get("addFaults", []), fault]})
                for fault in faults]
        self.scenario.pop("cases", None)
        text = json.dumps(self.scenario)[:-1] + ', "cases": {\n'
        text += ",\n".join(f'"case {i}": {one}' for i, one in enumerate(made)) + "\n}}\n"
        (self.folder / "struck.json").write_text(text, encoding="utf-8")

    def accepted(self, faults):
        """Those that may stand in this scenario."""
        self.write(faults)
        told = sagalab("check", "struck.json", folder=self.folder).stderr
        lines = re.findall(r"^struck\.json:(\d+):\d+: error", told, re.M)
        refused = {int(line) - 2 for line in lines}
        return [fault for i, fault in enumerate(faults) if i not in refused]

    def strikes(self, faults):
        """For each fault: None where it struck, else how often it could have."""
        self.write(faults)
        result = sagalab("run", "-f", "none", "struck.json", folder=self.folder)
        assert result.returncode in (0, 1, 3), result.stdout + result.stderr
        blocks = re.split(r"^struck\.json: case (\d+): ", result.stdout, flags=re.M)[1:]
        told = dict(zip(map(int, blocks[::2]), blocks[1::2]))
        assert len(told) == len(faults), result.stdout + result.stderr
        return [self.matches(told[i], fault) for i, fault in enumerate(faults)]

    @staticmethod
    def matches(told, fault):
        verb, subject = next(iter(fault.items()))
        for line, why in zip(told.splitlines(), told.splitlines()[1:]):
            silent = re.match(r" +the fault never fired: it matched (\d+) ", why)
            is_it = line.split()[:4] == ["BROKE", "fault", verb, subject]
            if not silent or not is_it or not line.endswith(f" nth {fault['nth']}"):
                continue
            place = f" {fault['point']} during {fault['during']} " if "point" in fault else " "
            receiver = f" to {fault['to']} " if "to" in fault else " "
            if place in line and receiver in line:
                return int(silent[1])
        return None


def strikes_until_silent(struck, faults):
    """How often each fault strikes: its first time, its second time, ... until there is no further
    one. In between another fault of the lesson may be the one that strikes."""
    counts = [0] * len(faults)
    left = list(range(len(faults)))
    nth = 1
    while left:
        assert nth < 500, [faults[i] for i in left]
        matches = struck.strikes([{**faults[i], "nth": nth} for i in left])
        for i, matched in zip(left, matches):
            counts[i] += matched is None
        left = [i for i, matched in zip(left, matches) if matched is None or matched >= nth]
        nth += 1
    return counts


class Points(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_a_crash_at_each_pass_of_each_point(self):
        struck = 0
        for path, name in cases():
            with self.subTest(scenario=path.name, case=name):
                passed = points(path, name)
                faults = [{"crash": service, "point": point, "during": handler}
                          for _, service, handler, point in passed]
                scenario = Struck(path, name, self.folder)
                counts = strikes_until_silent(scenario, faults)
                struck += sum(counts)
                passes = [count for count, *_ in passed]
                if not scenario.stops_by_itself():
                    self.assertEqual(counts, passes)
                # A fault of the lesson's own may take a pass for itself.
                for count, most in zip(counts, passes):
                    self.assertIn(count, (most, most - 1))
        self.assertGreater(struck, 2000)

    def test_each_fault_of_a_message_at_each_delivery(self):
        struck = dict.fromkeys(MESSAGE_FAULTS, 0)
        for path, name in cases():
            with self.subTest(scenario=path.name, case=name):
                handlers = [(service, handler) for _, service, handler, point in points(path, name)
                            if point == "before receive"]
                scenario = Struck(path, name, self.folder)
                faults = scenario.accepted([fault for service, handler in handlers
                                            for fault in self.faults_at(service, handler)])
                for fault, count in zip(faults, strikes_until_silent(scenario, faults)):
                    verb = next(iter(fault))
                    struck[verb] += count
                    if verb != "dropReply":  # a reply may have been lost before, with its service
                        self.assertGreater(count, 0, fault)
        for verb, count in struck.items():
            self.assertGreater(count, 150, verb)

    @staticmethod
    def faults_at(service, handler):
        """Of an event by its type and receiver, of a call by the operation."""
        for verb in MESSAGE_FAULTS:
            more = {"by": "7ms"} if verb == "delay" else {}
            more = {"with": "Struck"} if verb in ("fail", "reject") else more
            yield {verb: handler, "to": service, **more}
            yield {verb: f"{service}.{handler}", **more}


if __name__ == "__main__":
    if not BINARY:
        print("skipped: SAGALAB does not name the binary")
        sys.exit(77)
    unittest.main()
