"""`sagalab test --coverage`, and claims that were never tested."""

import xml.etree.ElementTree as xml

from support import Cli, main, scenario

IMPLIED = {"always": {"a paid order has its mail":
                      "OrderService.orders.all(id, o, o.status != 'paid' || id in "
                      "MailService.mails)"}}
UNTESTED = ('some.json: never tested: always "a paid order has its mail": the premise '
            "`o.status == 'paid'` was never true in any case\n")
MAILS_FIRST = {"expect": {"finally": None}, "services": {"OrderService": {"on": {"CreateOrder": [
    {"publish": "OrderCreated", "copy": ["orderId"]}, {"wait": "1s"},
    {"insert": "orders", "key": "msg.orderId", "row": {"status": "paid"}}]}}}}


class Coverage(Cli):
    def test_what_was_not_reached_is_told_after_the_summary(self):
        result = self.succeeds("test", "--coverage", "good.json")
        self.assertTrue(result.stdout.startswith("ok       good.json / One order\n\n"
                                                 "1 case in 1 file: 1 passed\n\n"
                                                 "Coverage of good.json: handlers 2/2, points "))
        self.assertNotIn("Coverage", self.succeeds("test", "good.json").stdout)

    def test_cases_count_together(self):
        jump = {"services": {"MailService": {"on": {"OrderCreated": [
            {"if": "msg.orderId == 'o-2'", "then": [{"log": "two"}]}]}}}}
        two = {"workload": [{"publish": "CreateOrder", "data": {"orderId": "o-2"}}],
               "expect": {"finally": None}}
        self.write("some.json", scenario("Some", cases={"a": jump, "b": {**jump, **two}}))
        both = self.succeeds("test", "--coverage", "some.json").stdout
        self.assertIn("Coverage of some.json: handlers 2/2, branches 2/2, ", both)
        self.assertNotIn("never taken", both)
        one = self.succeeds("test", "--coverage", "some.json", "--case", "a").stdout
        self.assertIn("Coverage of some.json, 1 of 2 cases: handlers 2/2, branches 1/2, ", one)
        self.assertRegex(one, r"\n  never taken   some\.json:1  MailService\.OrderCreated: "
                              r"if msg\.orderId == 'o-2': true\n")

    def test_the_same_for_any_number_of_jobs(self):
        self.write("dice.json", scenario("Dice", cases={str(n): {} for n in range(20)}, services={
            **scenario("x")["services"], "OrderService": {"store": {"orders": {}}, "on": {
                "CreateOrder": [{"choose": list(range(40)), "as": "n"},
                                {"insert": "orders", "key": "msg.orderId",
                                 "row": {"status": "pending", "n": "${n}"}}]}}}))
        outputs = {self.sagalab("test", ".", "--coverage", "--jobs", jobs, "--repeat", "3",
                                "--random").stdout for jobs in ("1", "2", "8")}
        self.assertEqual(len(outputs), 1)
        out = outputs.pop()
        self.assertIn("Coverage of dice.json: ", out)
        self.assertIn("OrderService.CreateOrder: choose: ", out)

    def test_other_outputs_stay_as_they_are(self):
        self.sagalab("test", ".", "--junit", "plain.xml", "--no-times")
        covered = self.sagalab("test", ".", "--coverage", "--junit", "covered.xml", "--no-times")
        self.assertEqual(self.read("covered.xml"), self.read("plain.xml"))
        self.assertIn("Coverage of broken.json", covered.stdout)
        report = self.sagalab("test", "good.json", "--coverage", "--junit", "-")
        self.assertEqual(xml.fromstring(report.stdout).attrib["tests"], "1")
        self.assertIn("Coverage of good.json", report.stderr)
        quiet = self.sagalab("test", "good.json", "--coverage", "-q").stdout
        self.assertTrue(quiet.startswith("\nCoverage of good.json"), quiet)


class NeverTested(Cli):
    def write_cases(self, cases):
        self.write("some.json", scenario("Some", cases=cases))

    def test_it_is_a_warning(self):
        self.write_cases({"a": {"expect": IMPLIED}, "b": {"expect": IMPLIED}})
        for command in ("run", "test"):
            result = self.succeeds(command, "some.json")
            self.assertEqual(result.stdout.count(UNTESTED), 1, result.stdout)
            self.assertNotIn(UNTESTED, self.succeeds(command, "-q", "some.json").stdout)

    def test_strict_makes_it_a_failure(self):
        self.write_cases({"a": {"expect": IMPLIED}})
        result = self.sagalab("run", "--strict", "-f", "none", "some.json")
        self.assertEqual(result.returncode, 1)
        self.assertIn(UNTESTED + "sagalab run some.json --strict\n", result.stdout)
        result = self.sagalab("test", "--strict", "--junit", "out.xml", "some.json")
        self.assertEqual(result.returncode, 1)
        self.assertIn(UNTESTED + "sagalab test --strict some.json\n", result.stdout)
        self.assertIn("1 passed; 1 claim never tested\n", result.stdout)
        failure = xml.fromstring(self.read("out.xml")).find("testsuite/testcase/failure")
        self.assertEqual(failure.attrib["type"], "warning")

    def test_a_trace_on_standard_output_is_left_alone(self):
        self.write_cases({"a": {"expect": IMPLIED}})
        result = self.succeeds("run", "--format", "jsonl", "some.json")
        self.assertNotIn("never tested", result.stdout)
        self.assertIn(UNTESTED, result.stderr)

    def test_one_case_is_enough(self):
        meets = {**MAILS_FIRST, "expect": {**MAILS_FIRST["expect"], **IMPLIED}}
        self.write_cases({"a": {"expect": IMPLIED}, "b": meets})
        for command in ("run", "test"):
            result = self.succeeds(command, "--strict", "some.json")
            self.assertNotIn("never tested", result.stdout + result.stderr)

    def test_a_part_of_the_cases_proves_nothing(self):
        self.write_cases({"a": {"expect": IMPLIED}, "b": {"expect": IMPLIED}})
        for command in ("run", "test"):
            self.assertNotIn("never tested", self.succeeds(command, "--strict", "--case", "a",
                                                           "some.json").stdout)


if __name__ == "__main__":
    main()
