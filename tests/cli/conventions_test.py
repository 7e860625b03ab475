"""The command line keeps the conventions that people expect of it: help, options, exit codes."""

from support import COMMANDS, Cli, main, scenario


class Help(Cli):
    def test_help_is_a_result(self):
        for words in [["--help"], ["-h"], ["help"], *[[c, "--help"] for c in COMMANDS],
                      *[[c, "-h"] for c in COMMANDS], *[["help", c] for c in COMMANDS]]:
            with self.subTest(words=words):
                result = self.succeeds(*words)
                self.assertTrue(result.stdout.startswith("Usage: sagalab"))
                self.assertEqual(result.stderr, "")

    def test_help_command_is_the_long_help(self):
        self.assertEqual(self.sagalab("help", "run").stdout,
                         self.sagalab("run", "--help").stdout)

    def test_help_fits_a_terminal(self):
        for words in [[], *[[c] for c in COMMANDS]]:
            with self.subTest(words=words):
                short = self.succeeds(*words, "-h").stdout.splitlines()
                # An exploration has a budget for each kind of fault.
                self.assertLessEqual(len(short), 44 if words == ["explore"] else 30)
                for line in short + self.succeeds(*words, "--help").stdout.splitlines():
                    self.assertLessEqual(len(line), 80, line)

    def test_help_ends_with_an_example(self):
        for words in [[], *[[c] for c in COMMANDS]]:
            for form in ["-h", "--help"]:
                last = self.succeeds(*words, form).stdout.splitlines()[-1]
                self.assertTrue(last.startswith("  sagalab "), last)

    def test_help_documents_exit_codes(self):
        for command in COMMANDS:
            self.assertIn("Exit status:\n  0 ", self.sagalab(command, "--help").stdout)

    def test_no_arguments_is_no_success(self):
        result = self.sagalab()
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assertIn("Usage: sagalab", result.stderr)

    def test_version_is_one_line(self):
        for words in [["--version"], ["-V"], ["run", "--version"]]:
            self.assertRegex(self.succeeds(*words).stdout, r"^sagalab \d+\.\d+\.\d+\n$")
        self.assertRegex(self.succeeds("--version", "--verbose").stdout,
                         r"^sagalab \S+\ncompiler: .+\nBoost: \d+\.\d+\.\d+\n$")


class Usage(Cli):
    def test_unknown_option_and_suggestion(self):
        self.assertIn('unknown option "--sede" (did you mean "--seed"?)',
                      self.usage_error("run", "--sede", "3", "good.json"))
        self.assertIn('unknown option "-z"', self.usage_error("run", "-z", "good.json"))

    def test_unknown_command_and_suggestion(self):
        self.assertIn('unknown command "rnu" (did you mean "run"?)', self.usage_error("rnu"))
        self.assertIn("sagalab run good.json", self.usage_error("good.json"))

    def test_planned_commands_are_no_slips(self):
        self.assertIn('command "step" is not available yet', self.usage_error("step"))

    def test_options_are_never_guessed(self):
        self.assertIn('unknown option "--thr"', self.usage_error("run", "--thr", "3", "good.json"))

    def test_integers_are_checked(self):
        for option, text in [("--threads", "-1"), ("--threads", "0"), ("--threads", "2x"),
                             ("--seed", "-1"), ("--seed", "+1"), ("--seed", "1.5"),
                             ("--seed", "18446744073709551616"), ("--seed", " 1")]:
            with self.subTest(option=option, text=text):
                message = self.usage_error("run", option, text, "good.json")
                self.assertIn(f'{option} takes an integer from', message)
                self.assertIn(f'not "{text}"', message)
        self.succeeds("run", "--seed", "18446744073709551615", "good.json")

    def test_no_option_swallows_a_file(self):
        self.assertIn('not "good.json"', self.usage_error("run", "--color", "good.json"))
        self.assertIn("no scenario file", self.usage_error("run", "--case", "good.json"))
        self.assertIn("takes no value",
                      self.usage_error("run", "--check-determinism=good.json"))
        self.assertIn('option "-o" needs a value',
                      self.usage_error("run", "good.json", "-o", "--threads", "2"))

    def test_values_are_not_missing(self):
        for words in [["--seed"], ["--format="], ["--case"], ["-o"]]:
            self.assertIn("needs a value", self.usage_error("run", "good.json", *words))
        self.assertIn("NAME=VALUE", self.usage_error("run", "--set", "x", "good.json"))

    def test_nameless_option(self):
        self.usage_error("run", "--=good.json")

    def test_unknown_format_lists_all(self):
        message = self.usage_error("run", "--format", "jso", "good.json")
        self.assertIn("text, jsonl, none", message)
        self.assertIn('did you mean "jsonl"?', message)

    def test_pace_is_a_factor(self):
        for text in ["0", "-1x", "x", "1.", ".5", "1e3", "fast", "99999999999x"]:
            self.assertIn("--pace takes a factor", self.usage_error("run", "--pace", text, "a"))
        for text in ["1000x", "1000", "1000.5x"]:
            self.succeeds("run", "--pace", text, "good.json", "-q")

    def test_double_dash_ends_options(self):
        self.write("-x.json", scenario("One order"))
        self.succeeds("run", "--", "-x.json")

    def test_options_may_stand_before_and_after(self):
        before = self.succeeds("run", "--format", "none", "good.json").stdout
        self.assertEqual(before, self.succeeds("run", "good.json", "--format=none").stdout)
        self.assertEqual(before, self.succeeds("--color", "never", "run", "good.json",
                                               "-fnone").stdout)

    def test_no_file_is_an_error(self):
        self.usage_error("run")
        self.usage_error("check")


class ExitCodes(Cli):
    def code(self, *words):
        return self.sagalab(*words).returncode

    def test_each_has_its_meaning(self):
        self.assertEqual(self.code("run", "good.json"), 0)
        self.assertEqual(self.code("run", "broken.json"), 1)
        self.assertEqual(self.code("run", "bad.json"), 2)
        self.assertEqual(self.code("run", "missing.json"), 2)
        self.assertEqual(self.code("run", "limit.json"), 3)

    def test_the_gravest_counts(self):
        self.assertEqual(self.code("run", "good.json", "broken.json"), 1)
        self.assertEqual(self.code("run", "limit.json", "broken.json"), 3)
        self.assertEqual(self.code("run", "limit.json", "bad.json"), 2)

    def test_nothing_runs_when_a_file_is_bad(self):
        result = self.sagalab("run", "good.json", "bad.json")
        self.assertEqual((result.returncode, result.stdout), (2, ""))

    def test_a_part_of_a_system_is_no_run(self):
        result = self.sagalab("run", "part.json")
        self.assertEqual(result.returncode, 2)
        self.assertIn("part of a system", result.stderr)

    def test_no_case_is_no_success(self):
        result = self.sagalab("run", "cases.json", "--case", "frist")
        self.assertEqual(result.returncode, 2)
        self.assertIn('no case matches "frist" (did you mean "first"?); the cases are:\n'
                      '  "first"\n  "it\'s second"\n', result.stderr)
        self.write("many.json", scenario("Many", cases={f"number {n}": {} for n in range(12)}))
        result = self.sagalab("run", "many.json", "--case", "foo")
        self.assertTrue(result.stderr.endswith('  "number 9"\n  ... and 2 more\n'), result.stderr)

    def test_an_unknown_param_names_the_option(self):
        self.write("params.json", scenario("One order", params={"patience": "5ms"}))
        result = self.sagalab("run", "params.json", "--set", "patince=1")
        self.assertEqual(result.returncode, 2)
        self.assertIn('error: unknown param "patince" in --set (did you mean "patience"?)',
                      result.stderr)

    def test_only_the_case_that_was_named(self):
        self.assertEqual(self.code("run", "cases.json", "--case", "first"), 0)
        self.assertEqual(self.code("run", "cases.json"), 1)


if __name__ == "__main__":
    main()
