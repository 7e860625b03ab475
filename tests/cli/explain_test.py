"""What check warns of: explain, allow, and --strict; what retries come to."""

import copy
import re

from support import Cli, main, scenario


class Explain(Cli):
    def rows(self):
        lines = self.succeeds("explain").stdout.splitlines()
        return [re.fullmatch(r"(SL\d{3})  (\S+) +(.+\.)", line).groups() for line in lines]

    def test_list(self):
        rows = self.rows()
        self.assertEqual([code for code, _, _ in rows],
                         [f"SL{n:03}" for n in range(1, len(rows) + 1)])
        self.assertIn("dual-write", [name for _, name, _ in rows])

    def test_every_page_says_all_that_there_is_to_say(self):
        for code, name, about in self.rows():
            with self.subTest(name=name):
                page = self.succeeds("explain", name).stdout
                self.assertEqual(page, self.succeeds("explain", code).stdout)
                self.assertTrue(page.startswith(f"{code} {name}: {about}\n\n"))
                for part in ["\nExample\n", "\nTo mend it\n", "\nTo silence it\n",
                             f'"allow": ["{name}"]']:
                    self.assertIn(part, page)
                for line in page.splitlines()[1:]:
                    self.assertLessEqual(len(line), 82, line)

    def test_several(self):
        both = self.succeeds("explain", "SL001", "SL002").stdout
        self.assertEqual(both, self.succeeds("explain", "SL001").stdout + "\n" +
                         self.succeeds("explain", "SL002").stdout)

    def test_unknown_and_suggestion(self):
        self.assertIn('unknown lint "dual-wirte" (did you mean "dual-write"?)',
                      self.usage_error("explain", "dual-wirte"))


class Strict(Cli):
    def setUp(self):
        super().setUp()
        dual = scenario("One order")
        del dual["allow"]
        self.write("dual.json", dual)
        vacuous = scenario("One order")
        vacuous["services"]["MailService"]["store"]["bounced"] = {}
        vacuous["expect"] = {"finally": {
            "all bounced are seen": "MailService.bounced.all(id, m, m.seen)"}}
        self.write("vacuous.json", vacuous)

    def test_check(self):
        result = self.succeeds("check", "dual.json")
        self.assertRegex(result.stderr, r'^dual\.json:1:\d+: warning: "CreateOrder" writes to '
                                        r'"orders" and sends "OrderCreated" without an outbox: .*'
                                        r'\[SL007 dual-write\]\n')
        self.assertEqual(self.succeeds("check", "good.json").stderr, "")
        strict = self.sagalab("check", "--strict", "dual.json")
        self.assertEqual((strict.returncode, strict.stdout), (2, ""))
        self.assertRegex(strict.stderr, r"error: .*\[SL007 dual-write\]")
        self.assertEqual(self.succeeds("check", "--strict", "good.json").stderr, "")

    def test_allow(self):
        allowed = scenario("One order")
        del allowed["allow"]
        allowed["services"]["OrderService"]["allow"] = ["dual-write"]
        self.write("allowed.json", allowed)
        self.assertEqual(self.succeeds("check", "--strict", "allowed.json").stderr, "")
        allowed["services"]["MailService"]["allow"] = ["dual-wirte"]
        self.write("slip.json", allowed)
        self.assertIn('not "dual-wirte" (did you mean "dual-write"?)',
                      self.sagalab("check", "slip.json").stderr)

    def test_run_does_not_lint_unless_it_is_strict(self):
        self.assertEqual(self.succeeds("run", "dual.json").stderr, "")
        strict = self.sagalab("run", "--strict", "dual.json")
        self.assertEqual((strict.returncode, strict.stdout), (2, ""))
        self.assertIn("[SL007 dual-write]", strict.stderr)
        self.succeeds("run", "--strict", "good.json")

    def test_a_vacuous_expectation_fails_a_strict_run(self):
        self.succeeds("run", "vacuous.json")
        strict = self.sagalab("run", "--strict", "--format", "none", "vacuous.json")
        self.assertEqual(strict.returncode, 1)
        self.assertIn('vacuous.json: vacuous: finally "all bounced are seen" had nothing to look '
                      "at\n", strict.stdout)
        self.assertTrue(strict.stdout.endswith(" --strict\n"), strict.stdout)
        trace = self.sagalab("run", "--strict", "--format", "jsonl", "vacuous.json")
        self.assertEqual(trace.returncode, 1)
        self.assertNotIn("vacuous:", trace.stdout)
        self.assertIn("vacuous:", trace.stderr)


class Schedules(Cli):
    def setUp(self):
        super().setUp()
        self.retries = scenario("Retries")
        self.retries["services"]["MailService"]["on"]["OrderCreated"].append(
            {"call": "OrderService.Look", "timeout": "50ms", "idempotencyKey": "msg.orderId",
             "retry": {"maxAttempts": 3, "delay": "${params.delay}"}})
        self.retries["services"]["OrderService"]["api"] = {"Look": [{"reply": {}}]}
        self.retries["params"] = {"delay": "20ms"}
        self.write("retries.json", self.retries)

    def test_a_file(self):
        text = self.succeeds("explain", "retries.json").stdout
        self.assertTrue(text.startswith("retries.json\n\nRetry written out: up to 3 tries, "))
        self.assertIn("    3  40ms   60ms to 160ms  210ms\n", text)
        self.assertIn("  OrderService.Look may run up to 75 times:\n"
                      "      5 deliveries of CreateOrder to OrderService\n"
                      "    x 5 deliveries of OrderCreated to MailService\n"
                      "    x 3 tries of OrderService.Look by MailService on OrderCreated\n", text)
        self.assertIn("    3  60ms   90ms to 190ms  240ms\n",
                      self.succeeds("explain", "--set", "delay=30ms", "retries.json").stdout)

    def test_cases(self):
        cases = copy.deepcopy(self.retries)
        cases["cases"] = {"one": {}, "two": {}, "slow": {"params": {"delay": "1s"}}}
        self.write("cases.json", cases)
        text = self.succeeds("explain", "cases.json").stdout
        self.assertTrue(text.startswith("cases.json: one\ncases.json: two\n\nRetry "))
        self.assertEqual(text.count("\ncases.json: slow\n\nRetry "), 1)
        self.assertTrue(self.succeeds("explain", "--case", "slow", "cases.json").stdout
                        .startswith("cases.json: slow\n"))
        del cases["cases"]["slow"]
        self.write("cases.json", cases)
        self.assertTrue(self.succeeds("explain", "cases.json").stdout
                        .startswith("cases.json: all 2 cases\n"))

    def test_codes_and_files_together(self):
        text = self.succeeds("explain", "SL007", "retries.json").stdout
        self.assertTrue(text.startswith("SL007 dual-write: "))
        self.assertIn("\n\nretries.json\n\nRetry ", text)
        self.assertEqual(self.succeeds("explain", "good.json").stdout,
                         "good.json\n\nnothing is tried again but by the bus\n\n"
                         "Retries within retries\n"
                         "  MailService on OrderCreated may run up to 25 times:\n"
                         "      5 deliveries of CreateOrder to OrderService\n"
                         "    x 5 deliveries of OrderCreated to MailService\n")

    def test_what_cannot_be_explained(self):
        for name in ("bad.json", "missing.json"):
            result = self.sagalab("explain", name)
            self.assertEqual((result.returncode, result.stdout), (2, ""))
            self.assertIn("error: ", result.stderr)
        self.assertEqual(self.sagalab("explain", "--case", "x", "good.json").returncode, 2)


if __name__ == "__main__":
    main()
