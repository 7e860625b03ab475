"""`explore --random` and `explore --mutate`: what they print, and what they end with."""

import json
import re
import shlex

from support import Cli, main


def orders(outbox=True, notices=True, **more):
    """An order is paid for; without an outbox a crash forgets the payment."""
    twice = {"nobody pays twice": "PaymentService.payments.all(id, p, p.n == 1)"}
    return {
        "scenario": "Orders", "allow": ["dual-write"],
        "services": {
            "OrderService": {"outbox": outbox, "store": {"orders": {}}, "on": {
                "CreateOrder": [
                    {"insert": "orders", "key": "msg.orderId", "row": {"status": "pending"}},
                    {"publish": "PayOrder", "copy": ["orderId"]}],
                "Paid": [{"update": "orders", "key": "msg.orderId",
                          "set": {"status": "paid"}}]}},
            "PaymentService": {"outbox": True, "inbox": True, "store": {"payments": {}}, "on": {
                "PayOrder": [
                    {"upsert": "payments", "key": "msg.orderId",
                     "set": {"n": "${get(row, 'n', 0) + 1}"}},
                    {"publish": "Paid", "copy": ["orderId"]}]}}},
        "workload": [{"publish": "CreateOrder", "data": {"orderId": "o-1"}}],
        "explore": {"crash": 1, "duplicate": 1, "delay": 1, "faults": 1},
        "expect": {"finally": {
            "every order is paid":
                "size(OrderService.orders) == 1 && OrderService.orders['o-1'].status == 'paid'",
            **(twice if notices else {})}},
        **more}


class Modes(Cli):
    def setUp(self):
        super().setUp()
        self.write("whole.json", orders())
        self.write("dual.json", orders(outbox=False))
        self.write("toothless.json", orders(notices=False))

    def explore(self, *words):
        return self.sagalab("explore", *words)


class Random(Modes):
    def repeat(self, run):
        last = run.stdout.splitlines()[-1]
        self.assertTrue(last.startswith("repeat: sagalab explore "), last)
        return self.sagalab(*shlex.split(last)[2:])

    def test_nothing_breaks(self):
        run = self.succeeds("explore", "--random", "--runs", "300", "whole.json")
        self.assertRegex(run.stdout, r"^whole\.json: nothing breaks; 300 runs, \d+ steps, "
                                     r"the longest \d+, \d+ different ends, \d+ faults\n$")

    def test_a_failing_seed_can_be_repeated(self):
        for words in [[], ["--pct", "2"], ["--crash", "2", "--only", "OrderService"]]:
            run = self.explore("--random", *words, "dual.json")
            self.assertEqual(run.returncode, 1, run.stdout + run.stderr)
            self.assertIn('\nfinally "every order is paid" breaks with ', run.stdout)
            self.assertNotIn("NOT confirmed", run.stdout)
            repeated = self.repeat(run)
            self.assertEqual(repeated.returncode, 1)
            self.assertEqual(repeated.stdout.partition("\n")[2].split("\n\n", 1)[-1],
                             run.stdout.partition("\n")[2].split("\n\n", 1)[-1])

    def test_the_case_is_part_of_the_command(self):
        self.write("cases.json", orders(cases={
            "whole": {}, "it's dual": {"services": {"OrderService": {"outbox": False}}}}))
        run = self.explore("--random", "--runs", "500", "cases.json")
        self.assertEqual(run.returncode, 1)
        self.assertIn("cases.json: whole: nothing breaks", run.stdout)
        self.assertIn(r"--case 'it'\''s dual' --random --runs 1 --seed-from ", run.stdout)
        self.assertEqual(self.repeat(run).returncode, 1)

    def test_threads_change_nothing(self):
        outputs = {self.explore("--random", "-k", "--runs", "200", "-j", threads,
                                "dual.json").stdout
                   for threads in ["1", "2", "8"]}
        self.assertEqual(len(outputs), 1)

    def test_pct_says_what_it_promises(self):
        run = self.succeeds("explore", "--random", "--runs", "50", "--pct", "3", "whole.json")
        self.assertRegex(run.stdout, r"probability of at least 1/(\d+) = 1/\(n k\^\(d-1\)\), "
                                     r"n 3, k \d+, d 3\n")

    def test_a_run_that_is_cut_is_no_pass(self):
        run = self.explore("--random", "--runs", "5", "--steps", "2", "whole.json")
        self.assertEqual(run.returncode, 3)
        self.assertIn("stopped early: 5 runs of more than 2 steps", run.stdout)

    def test_what_is_meant_to_break_is_no_failure(self):
        bounds = {"crash": 1, "breaks": ["every order is paid", "nobody pays twice"]}
        self.write("meant.json", orders(outbox=False, explore=bounds))
        run = self.succeeds("explore", "--random", "meant.json")
        self.assertIn('finally "every order is paid" breaks', run.stdout)
        bounds["breaks"] = ["nobody pays twice"]
        self.write("meant.json", orders(outbox=False, explore=bounds))
        self.assertEqual(self.explore("--random", "meant.json").returncode, 1)

    def test_a_long_path_is_shown_by_its_steps(self):
        many = [{"every": "1ms", "times": 60, "publish": "CreateOrder",
                 "data": {"orderId": "o-${i}"}}]
        self.write("long.json", orders(outbox=False, workload=many, expect={"finally": {
            "every order is paid": "OrderService.orders.all(id, o, o.status == 'paid')"}}))
        run = self.explore("--random", "--only", "OrderService", "long.json")
        self.assertEqual(run.returncode, 1, run.stdout + run.stderr)
        self.assertIn('\nfinally "every order is paid" breaks with 1 fault: crash OrderService '
                      'after insert orders, handling CreateOrder\n', run.stdout)
        self.assertRegex(run.stdout, r"\n  \.\.\. \d+ more steps \(all of them with -v\)\n")
        self.assertEqual(self.repeat(run).returncode, 1)

    def test_json(self):
        run = self.explore("--random", "--format", "json", "dual.json")
        self.assertEqual(run.returncode, 1)
        found = json.loads(run.stdout)
        self.assertEqual(found["file"], "dual.json")
        self.assertEqual(found["violations"][0]["breaks"], 'finally "every order is paid"')
        self.assertGreaterEqual(found["violations"][0]["faults"], 1)
        self.assertIn("--seed-from " + found["violations"][0]["seed"],
                      found["violations"][0]["again"])

    def test_what_fails_is_written_with_no_more_faults_than_it_needs(self):
        bounds = {"crash": 3, "duplicate": 3, "delay": 3, "faults": 9}
        self.write("dual.json", orders(outbox=False, explore=bounds))
        run = self.explore("--random", "-k", "--runs", "200", "-o", "found", "dual.json")
        self.assertEqual(run.returncode, 1, run.stdout + run.stderr)
        told = re.findall(r'^(\w+) "([^"]+)" breaks with (\d+) faults?$', run.stdout, re.M)
        self.assertGreater(len(told), 0, run.stdout)
        self.assertEqual({count for _, _, count in told}, {"1"}, run.stdout)
        self.assertNotIn("NOT confirmed", run.stdout)
        self.assertNotIn("--output", run.stdout)
        files = re.findall(r"^replay: sagalab run (.*)$", run.stdout, re.M)
        self.assertEqual(len(files), len(told))
        for (_, name, _), file in zip(told, files):
            replay = self.sagalab("run", file)
            self.assertEqual(replay.returncode, 1, replay.stdout + replay.stderr)
            self.assertIn("BROKE    finally    " + name, replay.stdout)
        report = json.loads(self.explore("--random", "-f", "json", "-o", "found",
                                         "dual.json").stdout)
        self.assertEqual(self.sagalab("run", report["violations"][0]["file"]).returncode, 1)


class Mutate(Modes):
    def test_every_safeguard_is_noticed(self):
        run = self.succeeds("explore", "--mutate", "whole.json")
        self.assertTrue(run.stdout.startswith("whole.json: 3 mutants, 3 killed\n"), run.stdout)
        self.assertIn("killed  OrderService has no outbox (whole.json:1) ", run.stdout)
        self.assertIn('finally "every order is paid" with 1 fault: crash OrderService after '
                      'insert orders, handling CreateOrder', run.stdout)

    def test_survivors_are_named_last(self):
        run = self.explore("--mutate", "toothless.json")
        self.assertEqual(run.returncode, 1)
        lines = run.stdout.splitlines()
        self.assertEqual(lines[0], "toothless.json: 3 mutants, 1 killed, 2 survived")
        self.assertEqual(lines[-1], "  survived  nothing in this file notices that "
                                    "PaymentService has no inbox (toothless.json:1)")

    def test_what_is_broken_already_proves_nothing(self):
        run = self.explore("--mutate", "dual.json")
        self.assertEqual(run.returncode, 1)
        self.assertIn('dual.json: broken as it is: finally "every order is paid"\n', run.stdout)
        self.assertNotIn("killed", run.stdout)

    def test_a_case_that_is_meant_to_break_is_left_out(self):
        self.write("cases.json", orders(cases={
            "whole": {}, "dual": {"services": {"OrderService": {"outbox": False}},
                                  "expect": {"finally": {"no": "false"}}, "breaks": ["no"]}}))
        run = self.succeeds("explore", "--mutate", "cases.json")
        self.assertIn("cases.json: 3 mutants, 3 killed\n  1 case left out: ", run.stdout)
        self.assertIn(' in case "whole"', run.stdout)

    def test_a_limit_is_no_pass(self):
        run = self.explore("--mutate", "--states", "1", "whole.json")
        self.assertEqual(run.returncode, 3)
        self.assertIn("stopped early: more than 1 states", run.stdout)

    def test_threads_change_nothing(self):
        outputs = {self.explore("--mutate", "-j", threads, "toothless.json").stdout
                   for threads in ["1", "2", "8"]}
        self.assertEqual(len(outputs), 1)

    def test_json(self):
        run = self.explore("--mutate", "--format", "json", "toothless.json")
        self.assertEqual(run.returncode, 1)
        mutants = {each["mutant"]: each for each in json.loads(run.stdout)["mutants"]}
        killed = mutants["OrderService has no outbox"]
        self.assertEqual((killed["killed"], killed["by"], killed["faults"]),
                         (True, 'finally "every order is paid"', 1))
        survivor = mutants["PaymentService has no inbox"]
        self.assertEqual((survivor["killed"], survivor["by"], survivor["faults"]),
                         (False, None, None))


class Usage(Modes):
    def test_modes_exclude_each_other(self):
        self.assertIn("--random and --mutate exclude each other",
                      self.usage_error("explore", "--random", "--mutate", "whole.json"))
        for option in ["--runs", "--pct", "--seed-from", "--steps"]:
            self.assertIn(option + " needs --random",
                          self.usage_error("explore", option, "3", "whole.json"))
        self.assertIn("--shard does not go with --random",
                      self.usage_error("explore", "--random", "--shard", "1/2", "whole.json"))
        self.assertIn("--keep-going does not go with --mutate",
                      self.usage_error("explore", "--mutate", "-k", "whole.json"))

    def test_numbers_are_checked(self):
        for option, text in [("--runs", "0"), ("--pct", "0"), ("--steps", "0"),
                             ("--seed-from", str(2**64 - 1))]:
            self.assertIn(option + " takes an integer from",
                          self.usage_error("explore", "--random", option, text, "whole.json"))


if __name__ == "__main__":
    main()
