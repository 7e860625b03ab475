"""The command schema. What it writes is tested in tests/language/schema_test.py."""

import json

from support import Cli, main


class Schema(Cli):
    def test_to_standard_output_or_to_a_file(self):
        printed = self.succeeds("schema").stdout
        self.assertEqual(json.loads(printed)["$schema"], "http://json-schema.org/draft-07/schema#")
        self.assertEqual(self.succeeds("schema", "-o", "-").stdout, printed)
        self.assertEqual(self.succeeds("schema", "-o", "scenario.schema.json").stdout, "")
        self.assertEqual(self.read("scenario.schema.json"), printed)

    def test_wrong_usage(self):
        self.assertIn("schema takes no files", self.usage_error("schema", "good.json"))
        refused = self.sagalab("schema", "--output=no/such/folder")
        self.assertEqual((refused.returncode, refused.stdout), (2, ""))
        self.assertIn("cannot write", refused.stderr)

    def test_scenarios_may_name_it_and_stand_beside_it(self):
        self.succeeds("schema", "-o", "scenario.schema.json")
        good = json.loads(self.read("good.json"))
        self.write("named.json", {"$schema": "scenario.schema.json", **good})
        checked = self.succeeds("check", "named.json", "scenario.schema.json")
        self.assertEqual(checked.stdout, "named.json: ok (1 case)\n")
        self.succeeds("run", "-q", "scenario.schema.json", "named.json")
        alone = self.sagalab("check", "scenario.schema.json")
        self.assertEqual(alone.returncode, 2)
        self.assertIn('unknown key "title"', alone.stderr)


if __name__ == "__main__":
    main()
