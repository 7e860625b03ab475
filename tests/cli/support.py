"""What the tests of the command line share: scenario files in a folder, and ways to call sagalab.

The binary's path is in the environment variable SAGALAB; without it the tests are skipped.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

BINARY = os.path.abspath(os.environ["SAGALAB"]) if os.environ.get("SAGALAB") else None
COMMANDS = ["run", "explore", "merge", "test", "check", "eval", "explain", "schema", "help",
            "completions"]


def scenario(title, status="pending", **more):
    """One service, one event: an order that ends pending."""
    return {
        "scenario": title,
        "allow": ["dual-write"],
        "services": {"OrderService": {
            "store": {"orders": {}},
            "on": {"CreateOrder": [
                {"insert": "orders", "key": "msg.orderId", "row": {"status": "pending"}},
                {"publish": "OrderCreated", "copy": ["orderId"]}]}},
            "MailService": {"store": {"mails": {}}, "on": {"OrderCreated": [
                {"insert": "mails", "key": "msg.orderId", "row": {}}]}}},
        "workload": [{"publish": "CreateOrder", "data": {"orderId": "o-1"}}],
        "expect": {"finally": {
            "the order ends": f"OrderService.orders['o-1'].status == '{status}'"}},
        **more}


class Cli(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="sagalab-cli-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.write("good.json", scenario("One order"))
        self.write("broken.json", scenario("One order", "paid"))
        self.write("limit.json", scenario("One order", limits={"events": 1}))
        self.write("cases.json", scenario("One order", cases={
            "first": {}, "it's second": {"expect": {"finally": {"never": "false"}}}}))
        self.write("part.json", {"services": scenario("x")["services"]})
        self.write("bad.json", scenario("One order", surprise=1))
        # Ten orders a second for a quarter of an hour, when it is paced.
        self.write("long.json", {**scenario("Many orders"), "workload": [
            {"every": "100ms", "times": 9000, "publish": "CreateOrder",
             "data": {"orderId": "o-${i}"}}]})

    def write(self, name, content):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            json.dump(content, file)

    def read(self, name):
        with open(os.path.join(self.folder, name), encoding="utf-8") as file:
            return file.read()

    def environment(self, **more):
        names = ("NO_COLOR", "CLICOLOR_FORCE", "TERM", "CI")
        kept = {key: value for key, value in os.environ.items() if key not in names}
        return {**kept, "TERM": "xterm", **more}

    def sagalab(self, *words, env=None, **more):
        return subprocess.run([BINARY, *words], cwd=self.folder, text=True, timeout=60,
                              stdin=more.pop("stdin", subprocess.DEVNULL) if "input" not in more
                              else None, capture_output="stdout" not in more,
                              env=env or self.environment(), check=False, **more)

    def succeeds(self, *words, **more):
        result = self.sagalab(*words, **more)
        self.assertEqual(result.returncode, 0, result.stderr or result.stdout)
        return result

    def usage_error(self, *words, **more):
        result = self.sagalab(*words, **more)
        self.assertEqual(result.returncode, 2, result.stdout)
        self.assertEqual(result.stdout, "")
        self.assertRegex(result.stderr.splitlines()[-1], r'^Try "sagalab.* --help"\.$')
        return result.stderr


def main():
    if not BINARY:
        print("skipped: SAGALAB does not name the binary")
        sys.exit(77)
    unittest.main()
