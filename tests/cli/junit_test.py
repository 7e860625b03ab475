"""The JUnit report of `sagalab test`, as its readers see it.

Readers that are asked where they are installed: xmllint with the schema of Jenkins' xunit-plugin,
and the Python package junitparser. The schema's rules stand here as a table as well.
"""

import importlib.util
import os
import shutil
import subprocess
import unittest
import xml.etree.ElementTree as xml

from support import BINARY, Cli, main, scenario

SCHEMA = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "formats",
                      "junit-10.xsd")

# Element: its attributes, those that must be there, its children.
RULES = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, set(), {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors", "group", "time", "skipped", "timestamp",
                   "hostname", "id", "package", "file", "log", "url", "version"},
                  {"name", "tests", "failures", "errors"},
                  {"testsuite", "properties", "testcase", "system-out", "system-err"}),
    "properties": (set(), set(), {"property"}),
    "property": ({"name", "value"}, {"name", "value"}, set()),
    "testcase": ({"name", "time", "classname", "group"}, {"name"},
                 {"skipped", "error", "failure", "system-out", "system-err"}),
    "failure": ({"type", "message"}, set(), set()),
    "error": ({"type", "message"}, set(), set()),
    "skipped": ({"type", "message"}, set(), set()),
    "system-out": (set(), set(), set()),
}


class Junit(Cli):
    def setUp(self):
        super().setUp()
        os.remove(os.path.join(self.folder, "long.json"))
        self.write("demo.json", {key: value for key, value in scenario("Look").items()
                                 if key != "expect"})
        self.write("odd.json", scenario("<&>\"' \u001b[2J\u0085 \uffff \U0001f600 a;b", cases={
            "<&>\"' \u001b[2J\u0085 \uffff \U0001f600 a;b\n\t.": {},
            "]]>": {"expect": {"finally": {"<never> & \u0007": "false"}}}}))
        self.out = os.path.join(self.folder, "out.xml")
        self.result = self.sagalab("test", ".", "--junit", "out.xml")
        self.tree = xml.parse(self.out).getroot()

    def test_valid_by_the_table(self):
        for element in self.tree.iter():
            allowed, needed, children = RULES[element.tag]
            self.assertLessEqual(set(element.attrib), allowed)
            self.assertLessEqual(needed, set(element.attrib))
            self.assertLessEqual({child.tag for child in element}, children)
            if "time" in element.attrib:
                self.assertRegex(element.attrib["time"], r"^\d+\.\d{3}$")

    def test_valid_by_the_schema(self):
        if not shutil.which("xmllint") or not os.path.exists(SCHEMA):
            raise unittest.SkipTest("xmllint or the schema is not there")
        done = subprocess.run(["xmllint", "--noout", "--schema", SCHEMA, self.out],
                              capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)

    def counted(self):
        """By the elements, not by the attributes."""
        cases = self.tree.findall("testsuite/testcase")
        return [len(cases)] + [len([case for case in cases if case.find(tag) is not None])
                               for tag in ("failure", "error", "skipped")]

    def test_counts(self):
        self.assertEqual(self.counted(), [9, 3, 2, 1])
        totals = [int(self.tree.attrib[name]) for name in ("tests", "failures", "errors")]
        self.assertEqual(totals, [9, 3, 2])
        for name, total in zip(("tests", "failures", "errors", "skipped"), self.counted()):
            self.assertEqual(sum(int(suite.attrib[name]) for suite in self.tree), total)
        self.assertIn("3 passed, 3 failed, 1 stopped at a limit, 1 demonstration; "
                      "1 file with errors", self.result.stdout)

    def test_junitparser_counts_the_same(self):
        if not importlib.util.find_spec("junitparser"):
            raise unittest.SkipTest("junitparser is not there")
        import junitparser
        report = junitparser.JUnitXml.fromfile(self.out)
        self.assertEqual([report.tests, report.failures, report.errors], self.counted()[:3])
        results = [result for suite in report for case in suite for result in case.result]
        self.assertEqual([sum(isinstance(result, kind) for result in results) for kind in
                          (junitparser.Failure, junitparser.Error, junitparser.Skipped)],
                         self.counted()[1:])

    def test_xmllint_counts_the_same(self):
        if not shutil.which("xmllint"):
            raise unittest.SkipTest("xmllint is not there")
        paths = ["//testcase", "//testcase[failure]", "//testcase[error]", "//testcase[skipped]"]
        found = [int(subprocess.run(["xmllint", "--xpath", f"count({path})", self.out], text=True,
                                    capture_output=True, check=True, timeout=60).stdout)
                 for path in paths]
        self.assertEqual(found, self.counted())

    def test_tests_are_told_apart(self):
        names = [(suite.attrib["name"], case.attrib["classname"], case.attrib["name"])
                 for suite in self.tree for case in suite.iter("testcase")]
        self.assertEqual(len(names), len(set(names)))
        self.assertIn(("cases.json", "cases", "it's second"), names)
        self.assertIn("<&>\"' \ufffd[2J\u0085 \ufffd \U0001f600 a;b\n\t.",
                      [name for _, _, name in names])

    def test_a_failure_says_where_why_and_how_again(self):
        case = self.tree.find("testsuite[@name='broken.json']/testcase")
        failure = case.find("failure")
        self.assertEqual(failure.attrib["type"], "finally")
        lines = failure.text.splitlines()
        self.assertRegex(lines[0], r"^broken\.json:1:\d+:$")
        self.assertEqual(lines[-1], "sagalab run broken.json --seed 1")
        self.assertIn("OrderService.orders['o-1'].status is \"pending\"", failure.text)
        self.assertIn("takes CreateOrder from client", case.find("system-out").text)
        error = self.tree.find("testsuite[@name='bad.json']/testcase/error")
        self.assertIn('unknown key "surprise"', error.text)

    def test_no_colours_in_it(self):
        self.sagalab("test", ".", "--junit", "colored.xml", "--color", "always")
        self.assertNotIn("[1m", self.read("colored.xml"))
        self.assertNotIn("[3", self.read("colored.xml").replace("[2J", ""))

    def test_without_times_reports_are_the_same(self):
        for name in ("a.xml", "b.xml"):
            self.sagalab("test", ".", "--junit", name, "--no-times")
        self.assertEqual(self.read("a.xml"), self.read("b.xml"))
        self.assertEqual(set(element.attrib["time"] for element in
                             xml.fromstring(self.read("a.xml")).iter()
                             if "time" in element.attrib), {"0.000"})

    def test_each_seed_is_a_test(self):
        self.sagalab("test", "good.json", "--junit", "seeds.xml", "--repeat", "3",
                     "--seed-from", "17")
        names = [case.attrib["name"] for case in
                 xml.fromstring(self.read("seeds.xml")).iter("testcase")]
        self.assertEqual(names, [f"One order [seed {seed}]" for seed in (17, 18, 19)])

    def test_standard_output(self):
        result = self.sagalab("test", "good.json", "--junit", "-")
        self.assertEqual(xml.fromstring(result.stdout).attrib["tests"], "1")
        self.assertIn("ok       good.json", result.stderr)

    def test_it_cannot_be_written(self):
        for name in ("no/such/folder.xml", "good.json", "."):
            result = self.sagalab("test", "good.json", "--junit", name)
            self.assertEqual((result.returncode, result.stdout), (2, ""), name)
        self.assertIn('"scenario"', self.read("good.json"))

    def test_never_half_a_file(self):
        before = self.read("out.xml")
        process = subprocess.Popen([BINARY, "test", ".", "--junit", "out.xml", "--repeat",
                                    "1000000", "-q"], cwd=self.folder, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, env=self.environment())
        with self.assertRaises(subprocess.TimeoutExpired):
            process.wait(0.3)
        process.kill()
        process.wait(60)
        self.assertEqual(self.read("out.xml"), before)


if __name__ == "__main__":
    main()
