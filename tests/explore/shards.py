"""What the tests of src/explore/schedulers share: a stand-in for sagalab that only notes down how
it was called, and the real one on a small scenario.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SCHEDULERS = ROOT / "src" / "explore" / "schedulers"
BINARY = os.path.abspath(os.environ["SAGALAB"]) if os.environ.get("SAGALAB") else None

# `explore` prints what it was called with; STAND_IN_CODES gives shards another exit code than 0, as
# in "2:1 3:3". `merge` ends with the worst code of the reports it is given.
STAND_IN = """\
#!{python}
import json, os, sys
arguments = sys.argv[2:]
if sys.argv[1] == "explore":
    index, of = map(int, arguments[arguments.index("--shard") + 1].split("/"))
    codes = dict(pair.split(":") for pair in os.environ.get("STAND_IN_CODES", "").split())
    code = int(codes.get(str(index), 0))
    if code == 2:
        print("sagalab: error: bad input", file=sys.stderr)
        sys.exit(2)
    print(json.dumps({{"shard": {{"index": index, "of": of}}, "code": code,
                      "arguments": arguments}}))
    sys.exit(code)
reports = [json.load(open(path)) for path in arguments]
print(json.dumps({{"merged": sorted(report["shard"]["index"] for report in reports)}}))
sys.exit(max(report["code"] for report in reports))
"""

# Two orders that each want a payment. A lost PayOrder leaves one waiting.
SCENARIO = {
    "scenario": "Two orders",
    "services": {
        "OrderService": {"store": {"orders": {}}, "outbox": True, "on": {
            "CreateOrder": [
                {"insert": "orders", "key": "msg.orderId", "row": {"status": "pending"}},
                {"publish": "PayOrder", "copy": ["orderId"]}],
            "OrderPaid": [
                {"update": "orders", "key": "msg.orderId", "set": {"status": "paid"}}]}},
        "PaymentService": {"on": {
            "PayOrder": [{"publish": "OrderPaid", "copy": ["orderId"]}]}}},
    "workload": [{"publish": "CreateOrder", "data": {"orderId": f"o-{i}"}} for i in range(2)],
    "expect": {
        "always": {"orders are pending or paid":
                   "OrderService.orders.all(id, o, o.status in ['pending', 'paid'])"},
        "finally": {"no order hangs": "OrderService.orders.all(id, o, o.status == 'paid')"}},
    "explore": {"crash": 1, "duplicate": 1},
    "cases": {
        "holds": {},
        "breaks": {"explore": {"drop": {"max": 1, "only": ["OrderPaid"]}}}}}


class Scheduled(unittest.TestCase):
    """A folder with the stand-in and a scenario; tools of the machine that may be missing."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="sagalab-shards-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.stand_in = self.folder / "sagalab"
        self.stand_in.write_text(STAND_IN.format(python=sys.executable), encoding="utf-8")
        self.stand_in.chmod(0o755)
        self.scenario = self.folder / "two orders.json"
        self.scenario.write_text(json.dumps(SCENARIO), encoding="utf-8")

    def environment(self, **more):
        kept = {key: value for key, value in os.environ.items()
                if key not in ("PARALLEL", "SAGALAB", "SAGALAB_REPORTS")}
        return {**kept, "SAGALAB": str(self.stand_in), **more}

    def run_in_folder(self, command, timeout=60, **environment):
        return subprocess.run([str(word) for word in command], cwd=self.folder, text=True,
                              env=self.environment(**environment), capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=timeout, check=False)

    def reports(self):
        return [json.loads(path.read_text(encoding="utf-8"))
                for path in sorted((self.folder / "reports").glob("shard-*.json"))]

    def check_reports(self, shards, *arguments):
        """Every shard was explored once, with these arguments and those of its own."""
        reports = self.reports()
        self.assertEqual(sorted(report["shard"]["index"] for report in reports),
                         list(range(1, shards + 1)))
        for report in reports:
            self.assertEqual(report["shard"]["of"], shards)
            given = report["arguments"]
            self.assertEqual(given[:len(arguments)], [str(word) for word in arguments])
            self.assertEqual(given[given.index("--format") + 1], "json")

    def needs_real(self):
        """The path of the real program; skips where it cannot join reports."""
        if not BINARY:
            self.skipTest("SAGALAB does not name the binary")
        if subprocess.run([BINARY, "merge", "--help"], capture_output=True, timeout=60,
                          check=False).returncode != 0:
            self.skipTest("this sagalab has no command merge")
        return BINARY

    def explored_at_once(self, case):
        """What the real program finds without shards: its exit code and its verdict."""
        result = subprocess.run([BINARY, "explore", self.scenario, "--case", case,
                                 "--format", "json"], cwd=self.folder, text=True,
                                capture_output=True, timeout=60, check=False)
        return result.returncode, json.loads(result.stdout)["verdict"]


def skip_without(*tools):
    """Ends the test as skipped where one of the tools is not installed."""
    missing = [tool for tool in tools if not shutil.which(tool)]
    if missing:
        print(f"skipped: not installed: {', '.join(missing)}")
        sys.exit(77)
