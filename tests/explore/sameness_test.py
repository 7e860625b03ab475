"""Two worlds are one state only where nothing can tell them apart: not an attempt, not the time."""

import os
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "cli"))
from support import Cli, main  # noqa: E402

SCENARIOS = Path(os.environ.get("SAGALAB_SCENARIOS_DIR",
                                Path(__file__).resolve().parent.parent.parent / "scenarios"))


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


def booking(mail, expect, hotel=None, **more):
    """A saga that goes forward only, once it is paid: the mail is tried until it is sent."""
    release = {"call": "Hotel.Release", "copy": ["tripId"]}
    return {"scenario": "Forward only", "services": {
        "Trips": {"sagas": {"Book": {"id": "msg.tripId", "steps": [
            {"call": "Hotel.Reserve", "copy": ["tripId"], "compensate": release},
            {"call": "Bank.Pay", "kind": "pivot", "copy": ["tripId"]},
            {"call": "Mail.Send", "kind": "retriable", "copy": ["tripId"]}],
            **more.pop("saga", {})}}},
        "Hotel": {"api": {"Reserve": [{"reply": {}}], "Release": hotel or [{"reply": {}}]}},
        "Bank": {"api": {"Pay": more.pop("bank", [{"reply": {}}])}},
        "Mail": {"api": {"Send": mail}}},
        "workload": [{"call": "Trips.Book", "data": {"tripId": "t"}}],
        "expect": expect, "explore": {}, **more}


class Sameness(Cli):
    def found(self, scenario):
        self.write("again.json", scenario)
        result = self.sagalab("explore", "--time", "20s", "again.json")
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        self.assertNotIn("NOT confirmed", result.stdout)
        return result.stdout

    def goes_round(self, scenario, most_states, *steps):
        printed = self.found(scenario)
        self.assertIn('"every path settles" breaks with 0 faults', printed)
        self.assertIn("from here it repeats, for ever:\n", printed)
        for step in steps:
            self.assertIn(step, printed.split("for ever:\n")[1])
        states = int(re.search(r"([0-9,]+) states", printed)[1].replace(",", ""))
        self.assertLess(states, most_states, printed)
        return printed

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

    ENDS = {"finally": {"it ends": "Trips.Book['t'].state == 'completed'"}}

    def test_a_step_that_is_rejected_for_ever(self):
        self.goes_round(booking([{"reject": "Full"}], self.ENDS), 150,
                        "deliver Mail.Send (Trips.Book) from Trips to Mail\n")

    def test_a_step_that_a_fault_refuses_for_ever(self):
        self.goes_round(booking([{"reply": {}}], self.ENDS, faults=[{"fail": "Mail.Send"}]), 150,
                        "deliver Mail.Send (Trips.Book) from Trips to Mail\n")

    def test_a_fault_that_strikes_once_is_over(self):
        self.write("again.json", booking([{"reply": {}}], self.ENDS,
                                         faults=[{"fail": "Mail.Send", "times": 20}]))
        self.assertIn("exhausted: no violation", self.succeeds("explore", "again.json").stdout)
        self.write("again.json", booking([{"reject": "Full"}], {
            "always": {"sent once": "size(Trips.Book) < 2"}},
            faults=[{"reject": "Mail.Send", "with": "No", "nth": 20}]))
        self.goes_round(booking([{"reject": "Full"}], self.ENDS,
                                faults=[{"reject": "Mail.Send", "with": "No", "nth": 20}]), 300)

    def test_a_pivot_whose_outcome_is_never_known(self):
        self.goes_round(booking([{"reply": {}}], self.ENDS, bank=[{"wait": "2s"}, {"reply": {}}]),
                        300)

    def test_a_deadline_that_has_passed(self):
        self.goes_round(booking([{"reject": "Full"}], self.ENDS, saga={"deadline": "1s"}), 300)

    def test_a_message_that_is_late(self):
        self.write("again.json", {**booking([{"reject": "Full"}], self.ENDS),
                                  "explore": {"delay": 1}})
        printed = self.sagalab("explore", "--keep-going", "--states", "1000", "again.json").stdout
        self.assertIn('"every path settles" breaks with 0 faults', printed)
        self.assertNotIn("stopped early", printed)

    def test_a_breaker_that_opens_again_and_again(self):
        broken = trying([{"fail": "Down"}])
        step = broken["services"]["Caller"]["on"]["Go"][0]
        step["breaker"] = {"failures": 2, "open": "50ms"}
        self.goes_round(broken, 100)

    def test_a_lesson_is_searched_to_its_end(self):
        lesson = SCENARIOS / "10-deadline-and-pivot.json"
        printed = self.sagalab("explore", "--keep-going", "--states", "10000", lesson).stdout
        self.assertNotIn("stopped early", printed)
        self.assertNotIn("NOT confirmed", printed)
        # The mail that was sent and not answered for: it is there already, each time.
        self.assertEqual(printed.count('"every path settles" breaks with 1 fault\n'), 2)

    def test_a_fault_that_strikes_by_chance(self):
        # Each attempt is drawn by itself: in the end one gets through.
        self.is_done(trying([{"reply": 1}],
                            faults=[{"fail": "Callee.Do", "probability": "95%"}]))

    def test_an_undo_that_fails_for_ever(self):
        forever = {"maxAttempts": "forever", "delay": "10ms"}
        self.goes_round(booking([{"reply": {}}], self.ENDS, bank=[{"reject": "Poor"}],
                                hotel=[{"reject": "Stays"}],
                                saga={"compensation": {"retry": {**forever, "on": ["rejected"]}}}),
                        300)

    def test_how_many_records_there_are(self):
        few = {"always": {"few records": "Trips.Book.all(id, b, size(b.log) < 20)"}}
        self.assertIn('always "few records" breaks with 0 faults',
                      self.found(booking([{"reject": "Full"}], few)))
        # The log keeps sixteen attempts: more records than that there never are.
        many = {"always": {"few records": "Trips.Book.all(id, b, size(b.log) < 60)"}}
        self.goes_round(booking([{"reject": "Full"}], many), 200)

    def test_the_attempt_that_stands_in_a_log(self):
        few = "Trips.Book.all(id, b, b.log.all(l, !has(l.attempt) || l.attempt < 40))"
        self.assertIn('always "few attempts" breaks with 0 faults',
                      self.found(booking([{"reject": "Full"}], {"always": {"few attempts": few}})))

    def test_how_often_something_came(self):
        # Whether it goes on is open each time: what breaks needs five of them.
        sometimes = [{"choose": [True, False], "as": "sent"},
                     {"if": "!sent", "reject": "Full"}, {"reply": {}}]
        for claim in ("delivered('Send -> Mail') <= 24", "!(delivered('Send -> Mail') == 25)",
                      "delivered('Send -> Mail') + 1 <= 25"):
            printed = self.found(booking(sometimes, {"finally": {"it comes seldom": claim}}))
            self.assertIn('finally "it comes seldom" breaks with 0 faults', printed)
        counted = {"counts": {"Send -> Mail": 3}}
        self.goes_round(booking([{"reject": "Full"}], counted), 200)


if __name__ == "__main__":
    main()
