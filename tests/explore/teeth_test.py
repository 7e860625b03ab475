"""Every safeguard in a lesson is needed: what nobody would miss is named in an `about`, no more.

The words are those of `explore --mutate`: "Nothing in this file notices that A, that B, or that C:
...", where A, B and C are survivors; the `about` is one in the lesson's own file, wherever it
stands. A case with `explore` is searched within these bounds; one without is taken as it runs, in
its own order and without faults that it does not script.
"""

import json
import os
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "cli"))
from support import Cli, main  # noqa: E402

SCENARIOS = Path(os.environ.get("SAGALAB_SCENARIOS_DIR",
                                Path(__file__).resolve().parent.parent.parent / "scenarios"))
LESSONS = sorted(SCENARIOS.glob("[0-9]*.json"))

AS_IT_RUNS = ("--faults", "0", "--no-reorder")
STATES = "100000"  # of one search; the largest of a lesson has some thousands


def load(path):
    return json.loads(Path(path).read_text(encoding="utf-8"))


def abouts(value):
    """Each `about` in it, as one text."""
    if isinstance(value, list):
        return [text for each in value for text in abouts(each)]
    if not isinstance(value, dict):
        return []
    inner = [text for each in value.values() for text in abouts(each)]
    if "about" not in value:
        return inner
    own = value["about"]
    return [own if isinstance(own, str) else " ".join(own), *inner]


def named(text, survivors):
    """The survivors that a text names, and the beginnings of what it takes for one and is none."""
    found, strange = set(), []
    for start in re.finditer(r"\bnothing in this file notices that ", text, re.IGNORECASE):
        at = start.end()
        while True:
            each = next((name for name in survivors
                         if re.compile(re.escape(name) + r"(?!\w)").match(text, at)), None)
            if each is None:
                strange.append(text[at:at + 60])
                break
            found.add(each)
            more = re.compile(r",?(?: and| or)? that ").match(text, at + len(each))
            if not more:
                break
            at = more.end()
    return found, strange


class Teeth(Cli):
    def mutants(self, path, cases, *bounds):
        """What became of each mutant of these cases."""
        if not cases:
            return []
        chosen = [word for name in cases if name is not None for word in ("--case", name)]
        result = self.sagalab("explore", "--mutate", "--format", "json", "--states", STATES,
                              *bounds, *chosen, str(path))
        self.assertIn(result.returncode, (0, 1), result.stdout + result.stderr)
        teeth = json.loads(result.stdout)
        self.assertIsNone(teeth["broken"], path.name)
        self.assertIsNone(teeth["stopped"], path.name)
        for each in teeth["mutants"]:
            self.assertIsNone(each["stopped"], f"{path.name}: {each['mutant']}")
        return teeth["mutants"]

    def fates(self, path):
        """Each mutant's name and place, and whether a case of this lesson notices it."""
        scenario = load(path)
        cases = scenario.get("cases", {None: {}})
        explored = [name for name, case in cases.items() if "explore" in {**scenario, **case}]
        fates = {}
        for each in (self.mutants(path, explored)
                     + self.mutants(path, [name for name in cases if name not in explored],
                                    *AS_IT_RUNS)):
            key = each["mutant"], each["at"]
            fates[key] = fates.get(key, False) or each["killed"]
        return fates

    def test_survivors_are_named_and_nothing_else_is(self):
        killed = 0
        for path in LESSONS:
            with self.subTest(scenario=path.name):
                fates = self.fates(path)
                killed += sum(fates.values())
                survivors = {name for (name, _), dead in fates.items() if not dead}
                found, strange = named("\n".join(abouts(load(path))), survivors)
                self.assertEqual(strange, [], "no survivor any more: take it out")
                self.assertEqual(found, survivors, 'say in an "about" that "Nothing in this '
                                                   'file notices that ...", and why')
        self.assertGreater(killed, 40)

    def test_what_survives_is_found_in_about(self):
        order, undo = "Saga.Order undoes its steps side by side", "Saga.Order does not undo Pay"
        both = {order, undo}
        nothing = "Nothing in this file notices that "
        for text, found, strange in (
                ("", set(), []),
                (f"Order: {undo}.", set(), []),
                (f"{nothing}{undo}: it never does.", {undo}, []),
                (f"It is so. {nothing}{undo}, or that {order}: why?", both, []),
                (f"{nothing}{undo}. And {nothing.lower()}{order}.", both, []),
                (f"{nothing}{undo} and that B has no inbox: why?", {undo},
                 ["B has no inbox: why?"]),
                (f"{nothing}A has no outbox.", set(), ["A has no outbox."])):
            self.assertEqual(named(text, both), (found, strange), text)
        # Not the shorter of two that begin alike.
        longer = undo + "ment"
        self.assertEqual(named(f"{nothing}{longer}.", {undo, longer}), ({longer}, []))
        self.assertEqual(named(f"{nothing}{longer}.", {undo}), (set(), [f"{longer}."]))

    def test_about_may_stand_anywhere(self):
        self.assertEqual(
            abouts({"about": ["a", "b"], "on": {"E": [{"about": "c", "stop": "d"}]}, "n": 1}),
            ["a b", "c"])


if __name__ == "__main__":
    main()
