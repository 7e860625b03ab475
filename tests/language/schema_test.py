#!/usr/bin/env python3
"""The JSON Schema that `sagalab schema` writes accepts the structure that the loader accepts.

    SAGALAB_UPDATE=1 ctest --test-dir build/test -R schema    write scenarios/scenario.schema.json

A validator reads it (python3-jsonschema; without it most of this is skipped). What the loader says
is told apart by its messages: those about structure are in STRUCTURE.
"""

import json
import random
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from schema.instances import Instances, changed
from support.traces import BINARY, PLAIN, SCENARIOS, UPDATE

try:
    import jsonschema
except ImportError:
    jsonschema = None

FILE = SCENARIOS / "scenario.schema.json"
BAD = HERE / "bad"

STRUCTURE = re.compile(
    r'^unknown key "|^unknown verb "|^(?:an?|the) .*? needs (?:a verb: )?"'
    r'|^(?:an item of )?"[^"]*" must (?:be|not be empty)|^the name of .* must not be empty'
    r'|: names are letters, digits and _|" is a reserved word and '
    r'|" stands only with "|" exclude each other$| has one verb, this one has '
    r'|^fractions are not allowed|must be an object, not ')

# What depends on the file over which a case is merged.
OF_THE_MERGED = re.compile(r' needs (?:a verb: )?"|" stands only with "|" exclude each other$')

# The schema does not know what a param stands for.
BEYOND = {"params_wrong_type.json"}


def written():
    return subprocess.run([BINARY, "schema"], capture_output=True, text=True, timeout=60,
                          check=True).stdout


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def scenario_files():
    return sorted(path for path in SCENARIOS.rglob("*.json") if path != FILE)


def messages(text, name):
    return re.findall(rf"(?m)^{re.escape(name)}:\d+:\d+: error: (.*)$", text)


def complaints(documents):
    """What the loader says of the structure of each."""
    with tempfile.TemporaryDirectory(prefix="sagalab-schema-") as folder:
        names = [f"{number}.json" for number in range(len(documents))]
        for name, document in zip(names, documents):
            (Path(folder) / name).write_text(json.dumps(document), encoding="utf-8")
        said = subprocess.run([BINARY, "check", "-v", "--color", "never", *names], cwd=folder,
                              env=PLAIN, capture_output=True, text=True, timeout=60, check=False)
    if said.returncode not in (0, 2):
        raise AssertionError(f"check ended with {said.returncode}\n{said.stderr[-2000:]}")
    found = {name: [] for name in names}
    for name, message in re.findall(r"(?m)^(\d+\.json):\d+:\d+: error: (.*)$", said.stderr):
        if STRUCTURE.search(message):
            found[name].append(message)
    return list(found.values())


class TheFile(unittest.TestCase):
    def test_it_is_what_the_program_writes(self):
        if UPDATE:
            FILE.write_text(written(), encoding="utf-8")
        self.assertEqual(FILE.read_text(encoding="utf-8"), written(),
                         "if that is meant: SAGALAB_UPDATE=1, then read the diff")

    def test_every_scenario_names_it_first(self):
        for path in scenario_files():
            with self.subTest(scenario=path.name):
                key, value = next(iter(load(path).items()))
                self.assertEqual(key, "$schema")
                self.assertEqual((path.parent / value).resolve(), FILE.resolve())


@unittest.skipUnless(jsonschema, "needs python3-jsonschema")
class TheSchema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.schema = json.loads(written())
        cls.validator = jsonschema.Draft7Validator(cls.schema)

    def refusals(self, document):
        return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
                for error in self.validator.iter_errors(document)]

    def inner(self, name):
        return jsonschema.Draft7Validator(
            {"$ref": f"#/definitions/{name}", "definitions": self.schema["definitions"]})

    def test_it_is_a_schema_and_whole(self):
        jsonschema.Draft7Validator.check_schema(self.schema)
        named = set(re.findall(r'"#/definitions/([^"]+)"', json.dumps(self.schema)))
        self.assertEqual(named, set(self.schema["definitions"]))

    def test_what_it_offers_is_right(self):
        defaults = 0
        for name, definition in self.schema["definitions"].items():
            for example in definition.get("examples", ()):
                self.assertTrue(self.inner(name).is_valid(example), f"{name}: {example}")
            for key, value in definition.get("properties", {}).items():
                self.assertTrue(value["description"], f"{name}/{key}")
                if "default" in value:
                    defaults += 1
                    self.assertTrue(self.validator.evolve(schema={
                        **value, "definitions": self.schema["definitions"]}).is_valid(
                            value["default"]), f"{name}/{key}")
        self.assertGreater(defaults, 30)

    def test_scenarios_are_accepted(self):
        for path in scenario_files():
            with self.subTest(scenario=path.name):
                self.assertEqual(self.refusals(load(path)), [])

    def test_bad_files_are_refused_where_their_structure_is_wrong(self):
        refused = 0
        for path in sorted(BAD.glob("*.json")):
            try:
                document = load(path)
            except ValueError:
                continue
            said = messages(path.with_suffix(".expected").read_text(encoding="utf-8"), path.name)
            expected = any(STRUCTURE.search(message) for message in said)
            refused += expected
            with self.subTest(file=path.name):
                if path.name not in BEYOND:
                    self.assertEqual(bool(self.refusals(document)), expected, "\n".join(said))
        self.assertGreater(refused, 15)


@unittest.skipUnless(jsonschema, "needs python3-jsonschema")
class SchemaAndLoader(unittest.TestCase):
    """Documents drawn from the schema, and such ones and the lessons with something changed."""

    @classmethod
    def setUpClass(cls):
        cls.schema = json.loads(written())
        cls.validator = jsonschema.Draft7Validator(cls.schema)
        cls.random = random.Random(1)
        cls.instances = Instances(cls.schema, cls.random)
        cls.whole, cls.cases = [], []
        while len(cls.whole) < 80 or cls.instances.missing and len(cls.whole) < 400:
            cls.whole.append(cls.instances.document())
            cls.cases.append({"scenario": "drawn", "cases": {"one": cls.instances.case()}})

    def agree(self, documents, changes, merged=False):
        refused = 0
        for document, change, said in zip(documents, changes, complaints(documents)):
            accepted = self.validator.is_valid(document)
            refused += not accepted
            if merged and accepted:
                said = [message for message in said if not OF_THE_MERGED.search(message)]
            if accepted == bool(said):
                why = said or [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"
                               for error in self.validator.iter_errors(document)]
                self.fail(f"{change}: the schema {'accepts' if accepted else 'refuses'} it, the "
                          "loader not so\n" + "\n".join(why) + "\n" + json.dumps(document)[:3000])
        return refused

    def test_what_the_schema_allows_the_loader_understands(self):
        self.assertEqual(self.agree(self.whole, ["whole"] * len(self.whole)), 0)
        self.assertEqual(self.agree(self.cases, ["case"] * len(self.cases), merged=True), 0)

    def test_every_key_is_drawn(self):
        self.assertEqual(self.instances.missing, set())

    def test_a_change_is_refused_by_both_or_by_none(self):
        lessons = [{key: value for key, value in load(path).items()
                    if key not in ("include", "cases")} for path in scenario_files()]
        pairs = [changed(self.random.choice(self.whole + lessons), self.random)
                 for _ in range(350)]
        refused = self.agree(*zip(*pairs))
        self.assertTrue(80 < refused < 320, refused)

    def test_a_change_of_a_case_is_refused_by_both_or_by_none(self):
        pairs = [changed(document, self.random, ("cases", "one"))
                 for document in self.random.choices(
                     [one for one in self.cases if one["cases"]["one"]], k=200)]
        refused = self.agree(*zip(*pairs), merged=True)
        self.assertTrue(40 < refused < 195, refused)


if __name__ == "__main__":
    if not BINARY:
        print("skipped: SAGALAB does not name the binary")
        sys.exit(77)
    good = unittest.main(exit=False).result.wasSuccessful()
    if good and not jsonschema:
        print("skipped: no validator, install python3-jsonschema")
        sys.exit(77)
    sys.exit(not good)
