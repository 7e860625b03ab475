#!/usr/bin/env python3
"""src/explore/schedulers/parallel.sh explores every shard once and joins what they found."""

import json
import unittest

from shards import SCHEDULERS, Scheduled, skip_without

SCRIPT = SCHEDULERS / "parallel.sh"


class Parallel(Scheduled):
    def test_every_shard_once(self):
        result = self.run_in_folder([SCRIPT, 11, self.scenario, "--case", "it's \"one\" $HOME *"])
        self.assertEqual(result.returncode, 0, result.stderr)
        self.check_reports(11, self.scenario, "--case", "it's \"one\" $HOME *")
        self.assertEqual(json.loads(result.stdout), {"merged": list(range(1, 12))})

    def test_a_counterexample_is_a_result(self):
        result = self.run_in_folder([SCRIPT, 3, self.scenario], STAND_IN_CODES="2:1")
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertEqual(json.loads(result.stdout), {"merged": [1, 2, 3]})

    def test_an_early_end_is_a_result(self):
        result = self.run_in_folder([SCRIPT, 3, self.scenario], STAND_IN_CODES="1:1 3:3")
        self.assertEqual(result.returncode, 3, result.stderr)

    def test_a_shard_that_cannot_be_explored(self):
        result = self.run_in_folder([SCRIPT, 3, self.scenario], STAND_IN_CODES="3:2")
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assertIn("error: bad input", result.stderr)
        self.assertIn("1 of 3 shards could not be explored", result.stderr)

    def test_what_was_there_before_is_not_joined(self):
        self.run_in_folder([SCRIPT, 5, self.scenario], SAGALAB_REPORTS="elsewhere")
        result = self.run_in_folder([SCRIPT, 2, self.scenario], SAGALAB_REPORTS="elsewhere")
        self.assertEqual(json.loads(result.stdout), {"merged": [1, 2]})

    def test_usage(self):
        for words in ([], [3], [0, self.scenario], ["x", self.scenario], [self.scenario, 3]):
            result = self.run_in_folder([SCRIPT, *words])
            self.assertEqual((result.returncode, result.stdout), (2, ""), words)

    def test_the_real_program(self):
        binary = self.needs_real()
        for case in ("holds", "breaks"):
            result = self.run_in_folder([SCRIPT, 3, self.scenario, "--case", case], SAGALAB=binary)
            code, verdict = self.explored_at_once(case)
            self.assertEqual(result.returncode, code, result.stderr)
            self.assertIn(verdict, result.stdout)


if __name__ == "__main__":
    skip_without("parallel")
    unittest.main()
