"""The commands check and eval."""

import json

from support import Cli, main, scenario


class Eval(Cli):
    def test_exit_codes(self):
        self.assertEqual(self.succeeds("eval", "1 + 2").stdout, "3\n")
        self.assertEqual(self.succeeds("eval", "a.b", "--with", '{"a": {"b": "x"}}').stdout,
                         '"x"\n')
        error = self.sagalab("eval", "1 / a", "--with", '{"a": 0}')
        self.assertEqual((error.returncode, error.stdout), (1, ""))
        self.assertIn("error: ", error.stderr)
        self.assertEqual(self.sagalab("eval", "1 +").returncode, 2)
        self.assertEqual(self.sagalab("eval", "1", "--with", "[").returncode, 2)
        self.usage_error("eval")

    def test_a_leading_minus(self):
        self.assertIn("use -- before an expression that begins with a minus",
                      self.usage_error("eval", "-7/2"))
        self.assertEqual(self.succeeds("eval", "--", "-7/2").stdout, "-3\n")

    def test_batch(self):
        out = self.succeeds("eval", "--batch", input='{"expr": "1 + 1"}\n{"expr": "1/0"}\n').stdout
        first, second = [json.loads(line) for line in out.splitlines()]
        self.assertEqual(first, {"value": 2})
        self.assertIn("error", second)


class Check(Cli):
    def test_strict_and_dump(self):
        self.assertEqual(self.succeeds("check", "good.json", "cases.json", "part.json").stdout,
                         "good.json: ok (1 case)\ncases.json: ok (2 cases)\n"
                         "part.json: ok (part of a system)\n")
        dumped = self.succeeds("check", "--dump", "good.json").stdout
        self.assertIn("insert orders", dumped)
        warned = scenario("One order")
        steps = warned["services"]["OrderService"]["on"]["CreateOrder"]
        steps[0]["row"]["note"] = "msg.orderId"
        self.write("warn.json", warned)
        self.assertIn("warning:", self.succeeds("check", "warn.json").stderr)
        strict = self.sagalab("check", "--strict", "warn.json")
        self.assertEqual(strict.returncode, 2)
        self.assertIn("error:", strict.stderr)


if __name__ == "__main__":
    main()
