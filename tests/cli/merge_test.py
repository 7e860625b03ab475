"""`sagalab merge`: all shards together say what the whole search says, and nothing less does."""

import json
import os

from support import Cli, main

ORDERS = {
    "scenario": "orders",
    "services": {
        "Orders": {"store": {"orders": {}}, "on": {
            "Create": [{"insert": "orders", "key": "msg.id", "row": {"status": "pending"}},
                       {"publish": "Pay", "copy": ["id"]}],
            "Paid": [{"update": "orders", "key": "msg.id", "set": {"status": "paid"}}]}},
        "Payments": {"store": {"payments": {}}, "on": {
            "Pay": [{"insert": "payments", "key": "msg.id", "row": {"amount": 1}},
                    {"publish": "Paid", "copy": ["id"]}]}}},
    "workload": [{"publish": "Create", "data": {"id": "o-1"}, "as": "one"},
                 {"publish": "Create", "data": {"id": "o-2"}, "as": "two"}],
    "expect": {"finally": {"no order hangs": "Orders.orders.all(id, o, o.status != 'pending')"}},
    "explore": {"crash": 1, "drop": 1, "faults": 1},
}


class Merge(Cli):
    def setUp(self):
        super().setUp()
        self.write("plain.json", ORDERS)
        mended = json.loads(json.dumps(ORDERS))
        for service in mended["services"].values():
            service.update({"outbox": True, "inbox": True})
        self.write("mended.json", mended)

    def keep(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(text)

    def shard(self, file, number, of, *words):
        report = self.sagalab("explore", "--format", "json", "--keep-going", "--shard",
                              f"{number}/{of}", *words, file)
        name = f"{file}-{number}-of-{of}.report"
        self.keep(name, report.stdout)
        return name

    def shards(self, file, of, *words):
        return [self.shard(file, number, of, *words) for number in range(1, of + 1)]

    def whole(self, file):
        return json.loads(self.sagalab("explore", "--format", "json", "--keep-going", file).stdout)

    def test_all_shards_are_the_whole(self):
        for file, code in [("plain.json", 1), ("mended.json", 0)]:
            whole = self.whole(file)
            for of in (1, 2, 3, 7):
                merged = self.sagalab("merge", "--format", "json", *self.shards(file, of))
                self.assertEqual(merged.returncode, code, merged.stdout)
                report = json.loads(merged.stdout)
                self.assertEqual(report["verdict"], whole["verdict"])
                self.assertEqual(report["gaps"], [])
                fewest = {(each["expectation"], each["faultCount"])
                          for each in whole["counterexamples"]}
                self.assertEqual({(each["expectation"], each["faultCount"])
                                  for each in report["counterexamples"]}, fewest)

    def test_a_shard_says_that_it_is_one(self):
        report = json.loads(self.read(self.shard("mended.json", 2, 3)))
        self.assertEqual(report["verdict"], "part exhausted")
        self.assertEqual(report["shard"], {"index": 2, "of": 3})
        self.assertFalse(report["coverage"]["proved"])
        text = self.sagalab("explore", "--shard", "2/3", "mended.json").stdout
        self.assertTrue(text.startswith("mended.json: shard 2 of 3: no violation in this part, "
                                        "which is exhausted\n"), text)
        self.assertTrue(text.endswith("\nshard 2 of 3 only, no verdict of the whole: join the "
                                      "reports with `sagalab merge`\n"), text)
        self.assertNotIn("unreachable", text)
        self.assertRegex(text, r"\nfault sites: .*\d+ harmless so far\n")
        text = self.sagalab("explore", "--shard", "1/1", "mended.json").stdout
        self.assertTrue(text.startswith("mended.json: exhausted: no violation\n"), text)

    def test_what_a_shard_does_not_break_another_one_may(self):
        self.write("meant.json", {**ORDERS, "explore": {**ORDERS["explore"],
                                                        "breaks": ["no order hangs"]}})
        for number in range(1, 41):
            run = self.sagalab("explore", "--shard", f"{number}/40", "meant.json")
            self.assertEqual(run.returncode, 0, run.stdout)
            self.assertNotIn("was meant to break", run.stdout)

    def test_shards_share_the_work(self):
        placements = [json.loads(self.read(name))["states"]
                      for name in self.shards("mended.json", 4)]
        self.assertTrue(all(each < self.whole("mended.json")["states"] for each in placements),
                        placements)

    def test_a_missing_shard_is_no_pass(self):
        first, _, third = self.shards("mended.json", 3)
        merged = self.sagalab("merge", first, third)
        self.assertEqual(merged.returncode, 3)
        self.assertIn("stopped early", merged.stdout)
        self.assertIn("missing of 3 shards: 2", merged.stdout)

    def test_a_foreign_shard_is_no_pass(self):
        first, second = self.shards("mended.json", 2)
        other = self.shard("mended.json", 2, 2, "--drop", "0")
        merged = self.sagalab("merge", first, other)
        self.assertEqual(merged.returncode, 3)
        self.assertIn("is of another exploration than", merged.stdout)
        twice = self.sagalab("merge", first, first)
        self.assertEqual(twice.returncode, 3)
        self.assertIn("is shard 1 again", twice.stdout)
        del second

    def test_a_shard_that_stopped_is_no_pass(self):
        first = self.shard("mended.json", 1, 2, "--states", "20")
        second = self.shard("mended.json", 2, 2)
        merged = self.sagalab("merge", first, second)
        self.assertEqual(merged.returncode, 3)
        self.assertIn("stopped early", merged.stdout)

    def test_what_is_no_report(self):
        self.keep("text", "hello")
        self.keep("other.json", "{}")
        for file, why in [("text", "it is no JSON"), ("other.json", 'it has no "file"'),
                          ("nowhere.json", "cannot be read")]:
            result = self.sagalab("merge", file)
            self.assertEqual(result.returncode, 2)
            self.assertIn(why, result.stderr)
        self.assertEqual(self.sagalab("merge").returncode, 2)


if __name__ == "__main__":
    main()
