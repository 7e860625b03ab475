"""Lessons that are explored: each comes out as it says, and what is found replays."""

import json
import re

from exploring import DUAL_WRITE, LESSONS, PLAIN, SCENARIOS, Exploring, broken, load, main


class Lessons(Exploring):
    def test_there_are_some(self):
        self.assertGreaterEqual(len(LESSONS), 5)

    def test_each_comes_out_as_it_says_on_any_number_of_threads(self):
        for path in LESSONS:
            with self.subTest(scenario=path.name):
                one = self.explore(path, "--threads", "1")
                self.assertNotIn("NOT confirmed", one)
                for threads in ("2", "8"):
                    self.assertEqual(self.explore(path, "--threads", threads), one)

    def test_each_has_a_case_that_breaks_and_one_that_does_not(self):
        for path in LESSONS:
            verdicts = {report["verdict"] for report in self.explored(path)}
            self.assertEqual(verdicts, {"counterexample", "exhausted"}, path.name)

    def test_without_what_it_is_meant_to_break_each_fails(self):
        for path in LESSONS:
            for name, case in load(path)["cases"].items():
                if not case.get("explore", {}).pop("breaks", None):
                    continue
                with self.subTest(scenario=path.name, case=name):
                    scenario = load(self.folder + "/" + self.copied(path))
                    del scenario["cases"][name]["explore"]["breaks"]
                    self.write("lesson.json", scenario)
                    self.explore("-q", "lesson.json", "-c", name, code=1)

    def test_the_reduction_leaves_out_nothing_that_matters(self):
        def least(*words):
            """By case and expectation, the fewest faults that break it."""
            fewest, states = {}, 0
            for report in self.explored("--keep-going", *words):
                states += report["states"]
                for found in report["counterexamples"]:
                    key = report["case"], found["kind"], found["expectation"]
                    fewest[key] = min(found["faultCount"], fewest.get(key, 1000))
            return fewest, states

        everywhere = 0
        for path in LESSONS:
            with self.subTest(scenario=path.name):
                reduced, few = least(path)
                full, many = least("--no-reduction", path)
                self.assertEqual(reduced, full)
                self.assertLessEqual(few, many)
                everywhere += many - few
        self.assertGreater(everywhere, 0)

    def test_a_broken_promise_is_told(self):
        scenario = load(self.folder + "/" + self.copied())
        mended = next(name for name in scenario["cases"] if name != PLAIN)
        scenario["cases"][mended]["explore"] = {"breaks": ["no order hangs"]}
        self.write("lesson.json", scenario)
        printed = self.explore("lesson.json", "-c", mended, code=1)
        self.assertIn('"no order hangs" was meant to break, and nothing breaks it\n', printed)


class Counterexamples(Exploring):
    def replays(self, found):
        for words in (("run", "-q", "--threads", "1"), ("run", "-q", "--threads", "2"),
                      ("test", "-v")):
            result = self.sagalab(*words, found["file"])
            printed = result.stdout + result.stderr
            meant = result.returncode == 0  # the case itself is meant to break it
            if not meant:
                self.assertEqual(result.returncode, 1, printed)
                self.assertEqual(broken(printed), [found["expectation"]], printed)
                continue
            printed = self.succeeds("run", found["file"]).stdout
            self.assertEqual(broken(printed), [found["expectation"]], printed)

    def test_each_is_confirmed_and_replays(self):
        for path in LESSONS:
            for found in self.found(path):
                with self.subTest(scenario=path.name, file=found["file"]):
                    self.assertTrue(found["confirmed"])
                    self.replays(found)
                    written = load(self.folder + "/" + found["file"])
                    self.assertEqual(written["schedule"], found["steps"])
                    self.assertEqual(len(found["faults"]), found["faultCount"])

    def test_the_dual_write_is_told_in_few_lines(self):
        printed = self.explore(DUAL_WRITE, "-c", PLAIN)
        head, rest = re.search(r"^(finally .*?)\n\n(.*?)\n\n", printed, re.S | re.M).groups()
        self.assertTrue(head.startswith('finally "no order hangs" breaks with 1 fault\n'), head)
        self.assertEqual(head.count("  fault: "), 1)
        self.assertLessEqual(len(rest.splitlines()), 15, rest)
        self.assertIn("\n  crash OrderService after insert orders, handling CreateOrder\n"
                      "    prevented by an outbox in OrderService\n", printed)

    def test_what_is_mended_passes_the_same_file(self):
        scenario = load(self.folder + "/" + self.copied())
        files = [found["file"] for found in self.found("lesson.json", "-c", PLAIN)]
        for service in ("OrderService", "PaymentService"):
            scenario["services"][service].update(outbox=True, inbox=True)
        self.write("lesson.json", scenario)
        lost = 0
        for file in files:
            result = self.sagalab("run", "-q", file)
            # A crash "after insert orders" is none any more where that is no commit of its own.
            self.assertIn(result.returncode, (0, 3), result.stdout)
            lost += result.returncode == 0
        self.assertGreater(lost, 0)


class Edits(Exploring):
    """A counterexample outlives small edits of its scenario."""

    def after(self, edit):
        scenario = load(self.folder + "/" + self.copied())
        found = self.found("lesson.json", "-c", PLAIN)
        self.assertGreater(len(found), 1)
        edit(scenario)
        self.write("lesson.json", scenario)
        for each in found:
            result = self.sagalab("run", "-q", each["file"])
            self.assertEqual(result.returncode, 1, result.stdout)
            self.assertEqual(broken(result.stdout), [each["expectation"]], result.stdout)

    def test_one_more_step(self):
        def edit(scenario):
            on = scenario["services"]["OrderService"]["on"]
            on["CreateOrder"].insert(0, {"log": "order ${msg.orderId}"})
        self.after(edit)

    def test_a_renamed_field(self):
        def edit(scenario):
            text = json.dumps(scenario).replace('"status"', '"state"').replace("o.status",
                                                                               "o.state")
            scenario.update(json.loads(text))
        self.after(edit)

    def test_one_more_service_that_listens(self):
        def edit(scenario):
            scenario["services"]["Audit"] = {"store": {"seen": {}}, "on": {
                "PayOrder": [{"upsert": "seen", "key": "msg.orderId", "set": {}}],
                "PaymentSucceeded": [{"upsert": "seen", "key": "msg.orderId", "set": {}}]}}
        self.after(edit)

    def test_one_more_event_before_those_that_are_pinned(self):
        # Its name is the end of another one's; it goes first on the same link.
        def edit(scenario):
            on = scenario["services"]["OrderService"]["on"]
            on["CreateOrder"].insert(0, {"publish": "Order", "copy": ["orderId"]})
            scenario["services"]["PaymentService"]["on"]["Order"] = []
        self.after(edit)

    def test_one_more_client(self):
        def edit(scenario):
            scenario["workload"].append({
                "publish": "CreateOrder", "data": {"orderId": "o-9", "amount": 1}, "as": "ninth"})
            scenario["expect"]["finally"]["all three are there"] = "size(OrderService.orders) == 4"
        self.after(edit)


class Pins(Exploring):
    def test_one_that_does_not_fit_is_named(self):
        scenario = load(self.folder + "/" + self.copied())
        file = self.found("lesson.json", "-c", PLAIN)[0]["file"]
        scenario["workload"][1]["as"] = "deux"
        self.write("lesson.json", scenario)
        result = self.sagalab("run", file)
        self.assertEqual(result.returncode, 3)
        self.assertIn('step 2 of the schedule does not fit: "fire second"; the nearest is "fire ',
                      result.stdout + result.stderr)

    def test_the_offer_to_go_on_without_it(self):
        scenario = load(self.folder + "/" + self.copied())
        file = self.found("lesson.json", "-c", PLAIN)[0]["file"]
        scenario["workload"][1]["as"] = "deux"
        self.write("lesson.json", scenario)
        refused = self.sagalab("run", file)
        self.assertEqual(refused.returncode, 3)
        self.assertIn("(--loose goes on without it, in canonical order)", refused.stdout)
        pins = [step for step in load(self.folder + "/" + file)["schedule"] if "second" in step]
        self.assertGreater(len(pins), 1)
        for format in ("text", "none"):
            loose = self.sagalab("run", "--loose", "-f", format, file)
            self.assertEqual(loose.returncode, 1, loose.stdout + loose.stderr)
            warned = re.findall(r'^warning: step \d+ of the schedule fits nowhere and is skipped: '
                                r'"(.*?)"', loose.stdout, re.M)
            self.assertEqual(warned, pins)
            self.assertIn(f"sagalab run {file} --loose --seed ", loose.stdout)
        both = self.sagalab("run", "--loose", "--check-determinism", file)
        self.assertIn(": deterministic, ", both.stdout)

    def test_loose_changes_nothing_where_all_fit(self):
        self.copied()
        file = self.found("lesson.json", "-c", PLAIN)[0]["file"]
        strict, loose = self.sagalab("run", file), self.sagalab("run", "--loose", file)
        self.assertEqual(loose.stdout.replace(" --loose", ""), strict.stdout)
        self.assertEqual(loose.returncode, strict.returncode)

    def test_nor_one_that_is_made_up(self):
        self.copied()
        file = self.found("lesson.json", "-c", PLAIN)[0]["file"]
        written = load(self.folder + "/" + file)
        step = next(each for each in written["schedule"] if each.startswith("deliver "))
        at = written["schedule"].index(step)
        for wrong in (step.replace("deliver", "swallow"), step + ", crash after lunch",
                      step + " #7"):
            written["schedule"][at] = wrong
            self.write("found/wrong.json", written)
            result = self.sagalab("run", "found/wrong.json")
            self.assertEqual(result.returncode, 3, wrong)
            self.assertIn(f'step {at + 1} of the schedule does not fit: "{wrong}"',
                          result.stdout + result.stderr)

    def test_what_it_replays_must_be_there(self):
        self.copied()
        file = self.found("lesson.json", "-c", PLAIN)[0]["file"]
        written = load(self.folder + "/" + file)
        for reference, message in (
                ({"scenario": "../gone.json"}, 'cannot read "gone.json"'),
                ({"scenario": "../lesson.json"}, 'that scenario has cases: name one with "case"'),
                ({"scenario": "../lesson.json", "case": "plain choreografy"},
                 'unknown case "plain choreografy" (did you mean "plain choreography"?)')):
            self.write("found/wrong.json", {**written, "replays": reference})
            result = self.sagalab("run", "found/wrong.json")
            self.assertEqual(result.returncode, 2)
            self.assertIn(message, result.stderr)


class Output(Exploring):
    def test_json(self):
        keys = {"file", "case", "version", "verdict", "bounds", "states", "transitions", "depth",
                "placements", "ends", "bytes", "seconds", "reduction", "coverage",
                "counterexamples", "causes", "unmet"}
        found_keys = {"expectation", "kind", "faultCount", "faults", "reasons", "steps",
                      "confirmed", "file"}
        reports = self.explored(DUAL_WRITE)
        self.assertEqual([report["case"] for report in reports], list(load(DUAL_WRITE)["cases"]))
        for report in reports:
            self.assertEqual(set(report), keys)
            self.assertEqual(report["bounds"]["crash"], 1)
            self.assertTrue(report["bounds"]["reorder"])
            for found in report["counterexamples"]:
                self.assertEqual(set(found), found_keys)
                self.assertIsNone(found["file"])  # no -o

    def test_what_came_of_each_fault_site(self):
        broken, whole, _ = self.explored(DUAL_WRITE)
        for report in (broken, whole):
            self.assertTrue(report["coverage"]["proved"])
            self.assertGreater(len(report["coverage"]["sites"]), 40)
            for site in report["coverage"]["sites"]:
                self.assertGreater(site["fired"], 0)
        outcomes = {site["site"]: site["outcome"] for site in broken["coverage"]["sites"]}
        crash = "crash OrderService after insert orders, handling CreateOrder"
        self.assertEqual(outcomes[crash], "violating")
        self.assertEqual(outcomes["delay PayOrder to PaymentService"], "harmless")
        self.assertEqual({site["outcome"] for site in whole["coverage"]["sites"]}, {"harmless"})
        # What breaks it is to blame, whether or not another fault led to the same world before.
        cause, = broken["causes"]
        self.assertEqual(cause["expectation"], "no order hangs")
        enough = {tuple(each["faults"]): each["preventedBy"] for each in cause["faultSets"]}
        self.assertEqual({site for site, outcome in outcomes.items() if outcome == "violating"},
                         {site for sites in enough for site in sites})
        self.assertEqual(enough[(crash,)], ["an outbox in OrderService"])
        self.assertEqual(enough[("drop PayOrder to PaymentService",)], [])

    def test_fault_sites_are_a_line_and_with_v_all_of_them(self):
        lost = SCENARIOS / "25-a-lost-reply.json"
        mended = "unknown steps are undone as well"
        printed = self.explore(lost, "-c", mended)
        self.assertIn("\nfault sites: 2 unreachable, 2 harmless\n", printed)
        self.assertNotIn("  harmless  ", printed)
        printed = self.explore(lost, "-c", mended, "-v")
        kinds = re.findall(r"^  (unreachable|harmless) +\S", printed, re.M)
        self.assertEqual(kinds, ["unreachable"] * 2 + ["harmless"] * 2)
        early = self.explore(DUAL_WRITE, "-c", "event sourcing", "--states", "20", code=3)
        self.assertRegex(early, r"\nfault sites: \d+ not reached, \d+ harmless so far\n")
        report, = self.explored(DUAL_WRITE, "-c", "event sourcing", "--states", "20", code=3)
        self.assertFalse(report["coverage"]["proved"])

    def test_the_other_ways_to_break_it_are_a_line_each(self):
        printed = self.explore(DUAL_WRITE, "-c", PLAIN, "-o", "found")
        self.assertEqual(printed.count("breaks with 1 fault\n"), 1)
        self.assertIn("\nalso fails with:\n", printed)
        crash = "crash OrderService after insert orders, handling CreateOrder"
        self.assertRegex(printed, rf"\n  {crash}  \(found/\S+\.json\)\n"
                                  r"    prevented by an outbox in OrderService\n")
        self.assertEqual(len(re.findall(r"found/\S+\.json", printed)), 4)
        printed = self.explore(DUAL_WRITE, "-c", PLAIN, "-v")
        self.assertEqual(printed.count("breaks with 1 fault\n"), 4)

    def test_json_does_not_change_with_threads(self):
        def without_time(reports):
            return [{**report, "seconds": 0} for report in reports]
        for path in LESSONS:
            self.assertEqual(without_time(self.explored(path, "--threads", "1")),
                             without_time(self.explored(path, "--threads", "2")))

    def test_early_is_not_exhausted(self):
        mended = "event sourcing"
        printed = self.explore(DUAL_WRITE, "-c", mended, "--states", "20", code=3)
        self.assertIn("stopped early: more than 20 states", printed)
        self.assertNotIn("exhausted", printed)
        report, = self.explored(DUAL_WRITE, "-c", mended, "--states", "20", code=3)
        self.assertEqual(report["verdict"], "stopped early")
        self.assertIn("why", report)
        # Nor is it a broken promise: what is meant to break may still do.
        printed = self.explore(DUAL_WRITE, "-c", PLAIN, "--states", "20", code=3)
        self.assertNotIn("was meant to break", printed)

    def test_quiet_says_what_is_not_as_meant(self):
        self.assertEqual(self.explore("-q", *LESSONS), "")


class Audit(Exploring):
    def test_both_searches_come_to_the_same(self):
        for path in LESSONS:
            printed = self.explore("--audit", path, code=0)
            cases = len(load(path).get("cases", [path]))
            self.assertEqual(printed.count("audit: the same"), cases, printed)
            self.assertNotIn("DIFFERENT", printed)
        printed = self.explore("--audit", DUAL_WRITE)
        figures = re.findall(r"(reduced|in full): (\d+) states", printed)
        reduced = sum(int(count) for which, count in figures if which == "reduced")
        self.assertLess(reduced, sum(int(count) for _, count in figures) - reduced)

    def test_an_audit_that_stops_is_no_pass(self):
        printed = self.explore("--audit", DUAL_WRITE, "--states", "20", code=3)
        self.assertIn("stopped early", printed)
        self.assertIn("--shard does not go with --audit",
                      self.sagalab("explore", "--audit", "--shard", "1/2", DUAL_WRITE).stderr)


class Samples(Exploring):
    def test_stories_that_break_nothing(self):
        printed = self.explore("-c", "an outbox and an inbox", "--samples", "3", DUAL_WRITE)
        told = re.findall(r"^breaks nothing: (.*)$", printed, re.MULTILINE)
        self.assertEqual(told[0], "no fault")
        self.assertEqual(len(told), 3)
        self.assertEqual(len(set(told)), 3)
        stories = printed.split("breaks nothing: ")[1:]
        for story in stories:
            self.assertEqual(story.count('.status: "pending" -> '), 3, story)
        for threads in ("2", "8"):
            self.assertEqual(printed, self.explore("-c", "an outbox and an inbox", "--samples", "3",
                                                   "-j", threads, DUAL_WRITE))


class Errors(Exploring):
    def test_options(self):
        for words, message in (
                (("--crash", "x"), '--crash takes an integer from 0 to 31, not "x"'),
                (("--faults", "32"), '--faults takes an integer from 0 to 31, not "32"'),
                (("--only", "PaymntService"), 'table or point: "PaymntService" '
                                              '(did you mean "PaymentService"?)'),
                (("--only", "OrderService.ordrs"), '(did you mean "OrderService.orders"?)'),
                (("--only", "after insert ordrs"), '(did you mean "after insert orders"?)'),
                (("--time", "soon"), '--time takes a duration'),
                (("--shard", "3/2"), "--shard takes an integer from 1 to 2"),
                (("--drp", "1"), "--drop")):
            self.assertIn(message, self.usage_error("explore", *words, str(DUAL_WRITE)))
        self.usage_error("explore")

    def test_input(self):
        self.write("pinned.json", {**load(DUAL_WRITE), "cases": {}, "schedule": ["fire first"]})
        for file, message in (
                ("nowhere.json", "nowhere.json: error: cannot read this file"),
                ("pinned.json", '"pinned.json" pins its choices ("schedule"): '
                                "there is nothing to explore"),
                ("bad.json", "surprise")):
            result = self.sagalab("explore", file)
            self.assertEqual((result.returncode, result.stdout), (2, ""))
            self.assertIn(message, result.stderr)
        result = self.sagalab("explore", "-c", "plain", str(DUAL_WRITE))
        self.assertEqual(result.returncode, 2)
        self.assertIn('no case matches "plain"', result.stderr)

    def test_a_file_that_cannot_be_written(self):
        self.write("found", "no folder")
        result = self.sagalab("explore", "-o", "found", str(DUAL_WRITE))
        self.assertEqual(result.returncode, 2)
        self.assertIn('cannot make the folder "found"', result.stderr)

    def test_exit_codes(self):
        self.explore("good.json", code=0)
        # What the client asks for is lost only where that is named.
        self.explore("good.json", "--drop", "1", "--only", "CreateOrder", code=1)
        self.explore("broken.json", "--drop", "0", code=1)


if __name__ == "__main__":
    main()
