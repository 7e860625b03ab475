"""Two worlds are one state only where nothing can tell them apart: not an attempt, not the time."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "cli"))
from support import Cli, main  # noqa: E402


def trying(steps, **more):
    """A call that is tried again for ever; what it comes to depends on the callee."""
    patient = {"maxAttempts": "forever", "delay": "10ms", "backoff": "1", "on": ["failed"]}
    return {"scenario": "Again and again", "services": {
        "Caller": {"store": {"done": {}}, "on": {"Go": [
            {"call": "Callee.Do", "retry": patient,
             "onError": {"rejected": [{"upsert": "done", "key": "'k'", "set": {}}]}},
            {"upsert": "done", "key": "'k'", "set": {}}]}},
        "Callee": {"api": {"Do": steps}}},
        "workload": [{"publish": "Go"}],
        "expect": {"finally": {"it is never done": "size(Caller.done) == 0"}},
        "explore": {}, **more}


class Sameness(Cli):
    def found(self, scenario):
        self.write("again.json", scenario)
        result = self.sagalab("explore", "--time", "20s", "again.json")
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        self.assertNotIn("NOT confirmed", result.stdout)
        return result.stdout

    def is_done(self, scenario):
        printed = self.found(scenario)
        self.assertIn('finally "it is never done" breaks with 0 faults', printed)
        # A run agrees.
        self.assertEqual(self.sagalab("run", "-q", "again.json").returncode, 1)

    def test_what_fails_for_ever_goes_round(self):
        printed = self.found(trying([{"fail": "NotYet"}]))
        self.assertIn('"every path settles" breaks with 0 faults', printed)
        self.assertIn("from here it repeats, for ever:\n", printed)

    def test_the_attempt_that_is_read(self):
        self.is_done(trying([{"if": "meta.attempt < 5", "fail": "NotYet"}, {"reply": 1}]))

    def test_the_attempt_at_which_a_fault_strikes(self):
        self.is_done(trying([{"fail": "NotYet"}],
                            faults=[{"reject": "Callee.Do", "with": "No", "attempt": 7}]))

    def test_the_time_that_is_read(self):
        self.is_done(trying([{"if": "meta.time < duration('60ms')", "fail": "NotYet"},
                             {"reply": 1}]))

    def test_the_time_at_which_a_fault_strikes(self):
        self.is_done(trying([{"fail": "NotYet"}],
                            faults=[{"reject": "Callee.Do", "with": "No", "at": "100ms"}]))

    def test_the_time_until_which_a_fault_strikes(self):
        self.is_done(trying([{"reply": 1}],
                            faults=[{"fail": "Callee.Do", "until": "100ms"}]))


if __name__ == "__main__":
    main()
