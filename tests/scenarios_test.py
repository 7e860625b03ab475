#!/usr/bin/env python3
"""The lessons of scenarios/: each holds, and each would notice if what it teaches went away.

Whole traces and stories are compared in golden/golden_test.py.
"""

import copy
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


def sagalab(*words):
    return subprocess.run([BINARY, *map(str, words)], cwd=SCENARIOS, capture_output=True,
                          text=True, timeout=60, check=False)


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def events(path):
    """What a person would say happened: deliveries, answers, and rows as they were left."""
    out = []
    for line in sagalab("run", "--format", "jsonl", path).stdout.splitlines():
        event = json.loads(line)
        kind, data = event["type"].removeprefix("sagalab."), event["data"]
        where, what = event["source"].strip("/"), event.get("subject", "").split(".")[-1]
        if kind == "message.delivered":
            out.append(f"{where} takes {what}")
        elif kind == "store.changed" and "status" in (data.get("after") or {}):
            out.append(f"{where} sets {data['after']['status']}")
        elif kind == "reply.delivered":
            out.append(f"{what} {data['outcome']}")
    return out


class Lessons(unittest.TestCase):
    def test_the_loader_has_nothing_to_say(self):
        parts = sorted(SCENARIOS.glob("systems/*.json"))
        self.assertTrue(LESSONS and parts)
        result = sagalab("check", "--strict", *LESSONS, *parts)
        self.assertEqual((result.returncode, result.stderr), (0, ""))

    def test_they_hold_without_a_warning(self):
        for path in LESSONS:
            with self.subTest(scenario=path.name):
                result = sagalab("run", path)
                self.assertEqual(result.returncode, 0, result.stdout)
                self.assertEqual(result.stderr, "")
                self.assertNotIn("\n  warn ", result.stdout)

    def test_they_are_a_course(self):
        numbers = [path.name[:3] for path in LESSONS]
        self.assertEqual(numbers, [f"{n:02}-" for n in range(1, len(LESSONS) + 1)])
        for path in LESSONS:
            scenario = load(path)
            self.assertTrue(scenario.get("about"), f"{path.name} does not say what to watch")
            cases = scenario.get("cases", {}).values()
            expects = scenario.get("expect") or all(
                case.get("expect") or case.get("breaks") for case in cases)
            self.assertTrue(expects, f"{path.name} expects nothing")

    def test_the_readme_names_each(self):
        text = (SCENARIOS / "README.md").read_text(encoding="utf-8")
        for path in LESSONS:
            self.assertIn(path.name, text)


class Chains(unittest.TestCase):
    """The declined orders take exactly this way, no step more or less."""

    def test_choreography(self):
        self.assertEqual(events(SCENARIOS / "03-order-choreography-declined.json"), [
            "OrderService takes CreateOrder",
            "OrderService sets pending",
            "PaymentService takes PayOrder",
            "PaymentGateway takes Charge",
            "Charge rejected",
            "OrderService takes PaymentFailed",
            "OrderService sets error",
            "LogService takes LogOrderError"])

    def test_orchestration(self):
        self.assertEqual(events(SCENARIOS / "05-order-orchestration-declined.json"), [
            "OrderSaga takes PlaceOrder",
            "OrderService takes CreateOrder",
            "OrderService sets pending",
            "CreateOrder succeeded",
            "PaymentService takes PayOrder",
            "PayOrder rejected",
            "LogService takes LogOrderError",
            "LogOrderError succeeded",
            "OrderService takes UpdateOrder",
            "OrderService sets error",
            "UpdateOrder succeeded",
            "PlaceOrder rejected"])


class Sharpness(unittest.TestCase):
    """A lesson that holds whatever happens teaches nothing."""

    def run_changed(self, path, scenario):
        # Beside the original, so that what it includes is found.
        with tempfile.NamedTemporaryFile("w", dir=self.folder, suffix=".json",
                                         encoding="utf-8") as file:
            json.dump(scenario, file)
            file.flush()
            result = sagalab("run", "-q", file.name)
        self.assertIn(result.returncode, (0, 1), f"{path.name}: {result.stderr}")
        return result.returncode

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        (Path(self.folder) / "systems").symlink_to(SCENARIOS / "systems")

    def variants(self):
        """Each case by itself, as a whole scenario of one case."""
        for path in LESSONS:
            scenario = load(path)
            for name in scenario.get("cases", {None: None}):
                one = copy.deepcopy(scenario)
                if name is not None:
                    one["cases"] = {name: one["cases"][name]}
                yield path, name, one

    def test_without_its_faults_each_fails(self):
        for path, name, scenario in self.variants():
            case = scenario["cases"][name] if name is not None else {}
            if not scenario.pop("faults", None) and not case.pop("faults", None):
                continue
            with self.subTest(scenario=path.name, case=name):
                self.assertEqual(self.run_changed(path, scenario), 1)

    def test_without_its_breaks_each_fails(self):
        for path, name, scenario in self.variants():
            if name is None or not scenario["cases"][name].pop("breaks", None):
                continue
            with self.subTest(scenario=path.name, case=name):
                self.assertEqual(self.run_changed(path, scenario), 1)

    def test_paid_orders_fail_when_declined(self):
        for number, operation in (("02", "PaymentGateway.Charge"),
                                  ("04", "PaymentService.PayOrder")):
            path = next(SCENARIOS.glob(f"{number}-*.json"))
            scenario = load(path)
            scenario["faults"] = [{"reject": operation, "with": "CardDeclined"}]
            self.assertEqual(self.run_changed(path, scenario), 1)


if __name__ == "__main__":
    if not BINARY:
        print("skipped: SAGALAB does not name the binary")
        sys.exit(77)
    unittest.main()
