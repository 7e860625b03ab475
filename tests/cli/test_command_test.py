"""sagalab test: files and folders, filters, jobs, seeds, golden traces."""

import os
import pty
import signal
import subprocess
import time

from support import BINARY, Cli, main, scenario

ORDER = "OrderService.orders['o-1'].status"
DICE = {**scenario("x")["services"], "OrderService": {
    "store": {"orders": {}}, "on": {"CreateOrder": [
        {"choose": ["pending", "paid"], "as": "outcome"},
        {"insert": "orders", "key": "msg.orderId", "row": {"status": "${outcome}"}}]}}}


class Test(Cli):
    def setUp(self):
        super().setUp()
        for name in ("bad.json", "long.json"):
            os.remove(os.path.join(self.folder, name))

    def names(self, *words):
        return self.succeeds("test", "--list", *words).stdout.splitlines()

    def write_below(self, name, content):
        os.makedirs(os.path.join(self.folder, os.path.dirname(name)), exist_ok=True)
        self.write(name, content)

    def demonstration(self):
        return {key: value for key, value in scenario("Look").items() if key != "expect"}


class Paths(Test):
    def test_folders_are_searched(self):
        self.write_below("below/deeper/x.json", scenario("Deep"))
        self.write_below("below/.hidden/y.json", scenario("Hidden"))
        self.write_below("below/z.txt", scenario("No JSON"))
        self.assertEqual(self.names("below"), ["below/deeper/x.json / Deep"])
        self.assertEqual(self.names("./below/../below/deeper"), ["below/deeper/x.json / Deep"])
        self.assertIn("below/deeper/x.json / Deep", self.names("."))

    def test_order_and_repetition(self):
        self.assertEqual(self.names("good.json", "cases.json", "./good.json"),
                         ["good.json / One order", "cases.json / first",
                          "cases.json / it's second"])
        files = [name.split(" / ")[0] for name in self.names(".")]
        self.assertEqual(files, sorted(files))

    def test_parts_and_other_json_are_no_tests(self):
        self.write("package.json", {"name": "x", "version": "1"})
        self.write("array.json", [1, 2])
        self.write("scenario.schema.json", {"title": "x"})
        listed = "\n".join(self.names("."))
        for name in ("part.json", "package.json", "array.json", "schema"):
            self.assertNotIn(name, listed)
        self.assertEqual(self.names("good.json", "part.json"), ["good.json / One order"])

    def test_a_misspelt_scenario_is_no_other_json(self):
        self.write("slip.json", {"scenaro": "x", "services": {}})
        result = self.sagalab("test", ".", "-q", "--filter", "good")
        self.assertEqual(result.returncode, 2)
        self.assertIn('did you mean "scenario"?', result.stderr)

    def test_nothing_is_no_success(self):
        os.mkdir(os.path.join(self.folder, "empty"))
        for words in (["empty"], ["part.json"]):
            result = self.sagalab("test", *words)
            self.assertEqual((result.returncode, result.stdout), (2, ""))
            self.assertIn("there is no case to test", result.stderr)
        self.assertEqual(self.sagalab("test", "missing").returncode, 2)
        self.usage_error("test")

    def test_standard_input(self):
        result = self.sagalab("test", "-", input=self.read("broken.json"))
        self.assertEqual(result.returncode, 1)
        self.assertIn("FAILED   <stdin> / One order", result.stdout)


class Choice(Test):
    def test_filters(self):
        everything = self.names(".")
        for text, found in [("first", ["cases.json / first"]), ("cases.json", everything[1:3]),
                            ("* / first", ["cases.json / first"]), ("c?ses*", everything[1:3]),
                            ("s.json / it's", ["cases.json / it's second"])]:
            self.assertEqual(self.names(".", "--filter", text), found, text)
        self.assertEqual(self.names(".", "-k", "first", "-k", "good"),
                         ["cases.json / first", "good.json / One order"])
        for name in everything:
            self.assertIn(name, self.names(".", "--filter", name))

    def test_a_glob_fits_the_whole(self):
        self.assertEqual(self.sagalab("test", ".", "--filter", "?irst").returncode, 2)

    def test_names_may_hold_what_globs_are_made_of(self):
        self.write("odd.json", scenario("Odd", cases={"what? *": {}, "whatever": {}}))
        self.assertEqual(self.names("odd.json", "--filter", "t? *"), ["odd.json / what? *"])

    def test_a_miss_names_the_nearest(self):
        result = self.sagalab("test", ".", "--filter", "secnd")
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assertIn('no case matches "secnd"; the nearest is "cases.json / it\'s second"',
                      result.stderr)
        result = self.sagalab("test", ".", "-k", "first", "-k", "lmit")
        self.assertIn('no case matches "lmit"; the nearest is "limit.json / One order"',
                      result.stderr)

    def test_case_is_exact(self):
        self.assertEqual(self.names(".", "--case", "first"), ["cases.json / first"])
        self.assertIn('did you mean "first"?', self.sagalab("test", ".", "-c", "frst").stderr)

    def test_forms_of_the_list(self):
        self.write("odd.json", scenario("Odd", cases={'q"]=]': {}}))
        self.assertEqual(self.succeeds("test", "-l", "odd.json", "-f", "json").stdout,
                         '{"file": "odd.json", "case": "q\\"]=]"}\n')
        self.assertEqual(self.succeeds("test", "-l", "odd.json", "-f", "ctest").stdout,
                         'sagalab_case([=[odd.json]=] [==[q"]=]]==])\n')
        self.usage_error("test", "odd.json", "--format", "json")


class Report(Test):
    def test_every_outcome_is_told_and_counted(self):
        self.write("demo.json", self.demonstration())
        result = self.sagalab("test", ".")
        self.assertEqual(result.returncode, 3)
        self.assertEqual(result.stderr, "")
        for line in ["FAILED   broken.json / One order", "ok       cases.json / first",
                     "FAILED   cases.json / it's second", "demo     demo.json / Look",
                     "ok       good.json / One order", "LIMIT    limit.json / One order"]:
            self.assertIn(line + "\n", result.stdout)
        self.assertTrue(result.stdout.endswith(
            "\n6 cases in 5 files: 2 passed, 2 failed, 1 stopped at a limit, 1 demonstration\n"))

    def test_failures_are_explained_as_run_does(self):
        run = self.sagalab("run", "-f", "none", "broken.json").stdout
        self.assertIn("\n" + run + "\n", self.sagalab("test", "broken.json").stdout)
        quiet = self.sagalab("test", "-q", "broken.json", "good.json", "cases.json").stdout
        self.assertEqual(quiet, run + "\n" + "".join(
            self.sagalab("run", "-q", "-f", "none", "cases.json").stdout))
        self.assertEqual(self.succeeds("test", "-q", "good.json").stdout, "")

    def test_exit_codes(self):
        self.write("bad.json", scenario("One order", surprise=1))
        for words, code in [(["good.json"], 0), (["good.json", "broken.json"], 1),
                            (["limit.json", "broken.json"], 3),
                            (["bad.json", "limit.json"], 2)]:
            self.assertEqual(self.sagalab("test", *words).returncode, code, words)

    def test_a_file_with_errors_does_not_stop_the_others(self):
        self.write("bad.json", scenario("One order", surprise=1))
        result = self.sagalab("test", "bad.json", "good.json")
        self.assertIn("ERROR    bad.json\n", result.stdout)
        self.assertIn("ok       good.json", result.stdout)
        self.assertIn("1 passed; 1 file with errors", result.stdout)
        self.assertIn('bad.json:1:', result.stderr)

    def test_the_same_for_any_number_of_jobs(self):
        self.write("dice.json", scenario("Dice", cases={str(n): {} for n in range(40)},
                                         services=DICE))
        outputs = set()
        for jobs in ("1", "2", "8"):
            result = self.sagalab("test", ".", "--jobs", jobs, "--repeat", "9", "--random",
                                  "--junit", "out.xml", "--no-times")
            outputs.add((result.stdout, result.stderr, self.read("out.xml")))
        self.assertEqual(len(outputs), 1)

    def test_fail_fast(self):
        self.write("many.json", scenario("Many", cases={
            str(n): {"expect": {"finally": {"never": "false"}}} if n == 3 else {}
            for n in range(50)}))
        outputs = {self.sagalab("test", "-x", "many.json", "-j", jobs).stdout
                   for jobs in ("1", "2", "8")}
        self.assertEqual(len(outputs), 1)
        out = outputs.pop()
        self.assertEqual(out.count("ok   "), 3)
        self.assertTrue(out.endswith("50 cases in 1 file: 3 passed, 1 failed, 46 not run\n"), out)

    def test_sometimes_is_judged_over_a_file(self):
        paid = {"sometimes": {"some order is paid": f"{ORDER} == 'paid'"}, "finally": None}
        self.write("some.json", scenario("Some", cases={"a": {"expect": paid},
                                                        "b": {"expect": paid}}))
        result = self.sagalab("test", "some.json", "good.json")
        self.assertEqual(result.returncode, 1)
        self.assertIn('some.json: broken: sometimes "some order is paid" held at the end of none '
                      'of 2 cases\nsagalab run some.json\n', result.stdout)
        self.assertIn('3 passed; 1 "sometimes" that never held', result.stdout)
        self.succeeds("test", "some.json", "--filter", "/ a")
        listed = self.succeeds("test", "-l", "-f", "json", "some.json").stdout.splitlines()
        self.assertEqual(listed[-1], '{"file": "some.json", "case": null}')

    def test_strict(self):
        vacuous = {"finally": {"no error": "ErrorService.errors.all(id, e, false)"}}
        services = {**scenario("x")["services"], "ErrorService": {"store": {"errors": {}}}}
        self.write("vacuous.json", scenario("Vacuous", services=services, expect=vacuous))
        self.assertIn("warn     finally    no error", self.succeeds("test", "vacuous.json").stdout)
        result = self.sagalab("test", "--strict", "vacuous.json")
        self.assertEqual(result.returncode, 1)
        self.assertIn("FAILED   vacuous.json / Vacuous", result.stdout)
        self.assertIn("--strict: a warning is a failure\n"
                      "sagalab test --strict vacuous.json --seed 1\n", result.stdout)

    def test_params_are_set_and_named_in_the_command(self):
        self.write("param.json", scenario("Param", "${params.end}", params={"end": "pending"}))
        self.write("param.json", {**scenario("Param", params={"end": "pending"}),
                                  "expect": {"finally": {"ends": f"{ORDER} == params.end"}}})
        self.succeeds("test", "param.json")
        result = self.sagalab("test", "param.json", "--set", "end=paid")
        self.assertIn("sagalab run param.json --set end=paid --seed 1\n", result.stdout)


class Seeds(Test):
    def setUp(self):
        super().setUp()
        self.write("dice.json", scenario("Dice", services=DICE))

    def test_failing_seeds_are_reproduced_by_their_commands(self):
        self.succeeds("test", "dice.json", "--repeat", "9")  # always the first choice
        result = self.sagalab("test", "dice.json", "--random", "--repeat", "9", "--seed-from",
                              "100")
        self.assertEqual(result.returncode, 1)
        commands = [line for line in result.stdout.splitlines() if line.startswith("sagalab run")]
        self.assertIn(f"FAILED   dice.json / Dice ({len(commands)} of 9 seeds)", result.stdout)
        self.assertTrue(0 < len(commands) < 9, result.stdout)
        for command in commands:
            again = self.sagalab(*command.split()[1:], "-q")
            self.assertEqual(again.returncode, 1, command)

    def test_options_that_exclude_each_other(self):
        self.assertIn("--seed-from needs --repeat",
                      self.usage_error("test", "dice.json", "--seed-from", "1"))
        self.usage_error("test", "dice.json", "--seed-from", "1", "--repeat", "2", "--seed", "3")
        self.usage_error("test", "dice.json", "--repeat", "0")
        self.usage_error("test", "dice.json", "--repeat", "2", "--seed-from",
                         "18446744073709551615")
        self.usage_error("test", "dice.json", "--jobs", "0")


class Golden(Test):
    def trace(self, name):
        return self.read(f"{name}.trace.jsonl")

    def test_it_is_written_where_it_is_asked_for(self):
        self.succeeds("test", "good.json", "--update")
        self.assertFalse(os.path.exists(os.path.join(self.folder, "good.trace.jsonl")))
        out = self.succeeds("test", "good.json", "--update-all").stdout
        self.assertIn("wrote    good.trace.jsonl\n", out)
        self.assertEqual(self.trace("good"),
                         self.sagalab("run", "-f", "jsonl", "good.json").stdout)
        self.assertNotIn("wrote", self.succeeds("test", "good.json", "--update").stdout)
        self.succeeds("test", ".", "-k", "good")

    def test_it_does_not_depend_on_where_it_is_run(self):
        self.write_below("below/cases.json", scenario("One", cases={"a": {}, "b": {}, "c": {}}))
        self.succeeds("test", "below", "--update-all", "-j", "3")
        self.succeeds("test", os.path.join(self.folder, "below"))
        self.succeeds("test", "below", "-k", "/ b")

    def test_a_difference_fails_the_case_it_is_in(self):
        self.write("two.json", scenario("Two", cases={"a": {}, "b": {}}))
        self.succeeds("test", "two.json", "--update-all")
        before = self.trace("two")
        changed = scenario("Two", cases={"a": {}, "b": {"workload": [
            {"publish": "CreateOrder", "data": {"orderId": "o-1", "new": 1}}]}})
        self.write("two.json", changed)
        result = self.sagalab("test", "two.json")
        self.assertEqual(result.returncode, 1)
        self.assertIn("ok       two.json / a\nFAILED   two.json / b\n", result.stdout)
        self.assertRegex(result.stdout, r"the trace differs from two\.trace\.jsonl at its line \d+ "
                         r"of this case\n  approved \{.*\n  received \{.*\n"
                         r"sagalab test two\.json --case b\n")
        self.succeeds("test", "two.json", "--seed", "1")  # not as it is written
        self.succeeds("test", "two.json", "--update")
        self.assertNotEqual(self.trace("two"), before)
        self.succeeds("test", "two.json")

    def test_cases_that_came_or_went(self):
        self.write("two.json", scenario("Two", cases={"a": {}, "b": {}}))
        self.succeeds("test", "two.json", "--update-all")
        self.write("two.json", scenario("Two", cases={"a": {}, "b": {}, "c": {}}))
        self.assertIn("two.trace.jsonl has no trace of this case",
                      self.sagalab("test", "two.json").stdout)
        self.write("two.json", scenario("Two", cases={"a": {}}))
        self.assertEqual(self.sagalab("test", "two.json").returncode, 1)

    def test_only_whole_files_as_they_are(self):
        for words in (["-k", "a"], ["--case", "a"], ["--seed", "1"], ["--repeat", "2"],
                      ["--set", "a=1"]):
            self.usage_error("test", "good.json", "--update", *words)

    def test_a_broken_case_may_have_one(self):
        self.assertEqual(self.sagalab("test", "broken.json", "--update-all").returncode, 1)
        self.assertIn("sagalab.run.finished", self.trace("broken"))


class Terminal(Test):
    @staticmethod
    def all_of(end):
        """What a terminal was shown, in as many pieces as it comes in."""
        pieces = []
        while True:
            try:
                piece = os.read(end, 65536)
            except OSError:  # nobody holds the other end any more
                piece = b""
            if not piece:
                break
            pieces.append(piece)
        os.close(end)
        return b"".join(pieces).decode()

    def test_progress_and_time_are_for_terminals(self):
        result = self.succeeds("test", "good.json")
        self.assertEqual(result.stderr, "")
        self.assertNotRegex(result.stdout, r", in \d")
        for more, shown in (({}, True), ({"CI": "1"}, False), ({"TERM": "dumb"}, False)):
            end, other = pty.openpty()
            done = subprocess.run([BINARY, "test", "good.json"], cwd=self.folder, stdout=other,
                                  stderr=other, env=self.environment(**more), check=False,
                                  timeout=60)
            os.close(other)
            text = self.all_of(end)
            self.assertEqual(done.returncode, 0)
            self.assertEqual("1 of 1 case" in text, shown, more)
            self.assertRegex(text, r"1 passed, in \d+\.\d{3} s")

    def test_an_interrupt_ends_with_what_is_known(self):
        # Some ten million events: long enough to be interrupted, on any machine.
        self.write("long.json", {**scenario("Many orders"), "workload": [
            {"every": "1us", "times": 10_000_000, "publish": "CreateOrder",
             "data": {"orderId": "o-${i}"}}]})
        process = subprocess.Popen(
            [BINARY, "test", "good.json", "long.json", "cases.json", "--jobs", "1", "--junit",
             "out.xml"], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, env=self.environment())
        self.assertEqual(process.stdout.readline(), "ok       good.json / One order\n")
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130)
        self.assertIn("stopped  long.json / Many orders\n", out)
        self.assertTrue(out.endswith("4 cases in 3 files: 1 passed, 1 interrupted, 2 not run\n"),
                        out)
        report = self.read("out.xml")
        self.assertIn('message="interrupted"', report)
        self.assertEqual(report.count('message="not run"'), 2)


if __name__ == "__main__":
    main()
