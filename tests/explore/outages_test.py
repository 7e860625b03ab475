"""Pauses and partitions that are explored: by options, at their places, and what prevents them."""

import re

from exploring import LESSONS, SCENARIOS, Exploring, broken, load, main


class Outages(Exploring):
    GIVEN_UP = str(SCENARIOS / "30-cut-off-at-any-moment.json"), "-c", "a call that is given up"

    def test_options_name_them(self):
        for option, other, fault, sentence in (
                ("--pause", "--partition", "pause Payments",
                 "Payments stands still for a while"),
                ("--partition", "--pause", "cut Orders from Payments",
                 "Orders and Payments do not reach each other for a while")):
            report, = self.explored(option, "1", other, "0", "-o", "found", *self.GIVEN_UP)
            self.assertEqual(report["bounds"][option[2:]], 1)
            found, = report["counterexamples"]
            self.assertEqual(found["faults"], [fault])
            self.assertIn(fault, found["steps"])
            self.assertIn(sentence, load(self.folder + "/" + found["file"])["about"])
            printed = self.explore(option, "1", other, "0", *self.GIVEN_UP)
            self.assertIn("  fault: " + sentence + "\n", printed)
            self.assertIn("; at most 1 " + option[2:] + ";", printed)

    def test_what_ends_them_is_pinned(self):
        (found,), = (report["counterexamples"] for report in self.explored(*self.GIVEN_UP))
        self.assertIn("heal Orders and Payments", found["steps"])
        self.assertLess(found["steps"].index("cut Orders from Payments"),
                        found["steps"].index("heal Orders and Payments"))

    def test_their_places_are_told(self):
        def outcomes(report):
            return {site["site"]: site["outcome"] for site in report["coverage"]["sites"]}
        whole = "--pause", "1", "--faults", "1", "--keep-going"
        report, = self.explored(*whole, *self.GIVEN_UP)
        self.assertEqual(outcomes(report), {
            "pause Orders": "harmless", "pause Payments": "violating",
            "cut Orders from Payments": "violating"})
        cause, = report["causes"]
        self.assertEqual([each["faults"] for each in cause["faultSets"]],
                         [["pause Payments"], ["cut Orders from Payments"]])
        self.assertIn("\nalso fails with:\n  cut Orders from Payments\n",
                      self.explore(*whole, *self.GIVEN_UP))
        scenario = load(self.GIVEN_UP[0])
        scenario["services"]["Police"] = {"on": {"Alarm": []}}
        scenario["services"]["Payments"]["on"]["Refuse"] = [{"publish": "Alarm"}]
        self.write("more.json", scenario)
        report, = self.explored(*whole, "more.json", *self.GIVEN_UP[1:])
        self.assertEqual({name for name, each in outcomes(report).items()
                          if each == "unreachable"},
                         {"pause Police", "cut Payments from Police"})

    def test_fencing_prevents_what_a_pause_breaks(self):
        lesson = str(SCENARIOS / "29-paused-at-any-moment.json")
        printed = self.explore(lesson, "-c", "nobody asks for the epoch")
        self.assertIn("\nprevented by fencing of the replicas of Orders\n", printed)
        self.assertIn("\nfault sites: 1 violating\n", printed)
        report, = self.explored(lesson, "-c", "nobody asks for the epoch")
        self.assertEqual(report["causes"][0]["faultSets"], [
            {"faults": ["pause Orders"], "preventedBy": ["fencing of the replicas of Orders"]}])

    def test_random_runs_come_down_to_one_of_them(self):
        printed = self.explore("--random", "--keep-going", "--runs", "300", "-o", "found",
                               "--pause", "3", "--partition", "3", "--faults", "6",
                               *self.GIVEN_UP)
        self.assertEqual(sorted(re.findall(r"^  fault: (.*)$", printed, re.M)),
                         ["Orders and Payments do not reach each other for a while",
                          "Payments stands still for a while"])
        self.assertNotIn("NOT confirmed", printed)
        files = re.findall(r"^replay: sagalab run (.*)$", printed, re.M)
        self.assertEqual(len(files), 2)
        for file in files:
            replay = self.sagalab("run", "-q", file)
            self.assertEqual(replay.returncode, 1, replay.stdout + replay.stderr)
            self.assertEqual(broken(replay.stdout), ["no order hangs"])

    def test_the_reduction_is_audited_with_them(self):
        for path in LESSONS[-2:]:
            self.explore("--audit", path)


if __name__ == "__main__":
    main()
