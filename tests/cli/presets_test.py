"""Presets of compensation on the command line: one, and several side by side."""

import re

from support import Cli, main

PRESETS = ["camunda8-like", "eventuate-like", "seata-like", "temporal-like"]


def saga(**more):
    """The reply of a payment is lost: who undoes it?"""
    return {
        "scenario": "A lost reply",
        "allow": ["short-timeout"],
        "services": {
            "OrderSaga": {"sagas": {"PlaceOrder": {"id": "msg.orderId", "steps": [
                {"call": "PaymentService.Pay", "copy": ["orderId"], "timeout": "50ms",
                 "compensate": {"call": "PaymentService.Refund", "copy": ["orderId"]}}]}}},
            "PaymentService": {"store": {"payments": {}}, "api": {
                "Pay": [{"insert": "payments", "key": "msg.orderId", "row": {}}, {"reply": {}}],
                "Refund": [{"delete": "payments", "key": "msg.orderId"}, {"reply": {}}]}}},
        "workload": [{"call": "OrderSaga.PlaceOrder", "data": {"orderId": "o-1"}, "as": "placed"}],
        "expect": {"finally": {"no money is kept": "size(PaymentService.payments) == 0"}},
        "cases": {"fine": {"expect": {"finally": {
                      "no money is kept": None,
                      "it is paid": "'o-1' in PaymentService.payments"}}},
                  "lost": {"faults": [{"dropReply": "PaymentService.Pay"}]}},
        **more}


def both(*names):
    return [word for name in names for word in ("--preset", name)]


class Presets(Cli):
    def setUp(self):
        super().setUp()
        self.write("saga.json", saga())

    def test_one_preset_is_as_if_every_saga_said_so(self):
        self.succeeds("run", "saga.json")  # the default undoes what is unknown
        for preset in PRESETS:
            with self.subTest(preset=preset):
                self.write("same.json", saga())
                asked = self.sagalab("run", "--preset", preset, "--format", "jsonl", "same.json")
                said = saga()
                said["services"]["OrderSaga"]["sagas"]["PlaceOrder"]["compensation"] = preset
                self.write("same.json", said)
                written = self.sagalab("run", "--format", "jsonl", "same.json")
                # But for the places of expectations in the file.
                self.assertEqual(*[re.sub(r'same\.json:1:\d+', "", ran.stdout)
                                   for ran in (asked, written)])
                self.assertEqual(asked.returncode, written.returncode)
                expected = 1 if preset in ("camunda8-like", "eventuate-like") else 0
                self.assertEqual(asked.returncode, expected)

    def test_a_preset_takes_the_place_of_the_keys_in_the_file(self):
        said = saga()
        said["services"]["OrderSaga"]["sagas"]["PlaceOrder"]["compensation"] = {
            "preset": "camunda8-like", "scope": "completed-or-unknown"}
        self.write("said.json", said)
        self.succeeds("run", "said.json")
        self.assertEqual(self.sagalab("run", "--preset", "camunda8-like", "said.json").returncode,
                         1)

    def test_a_failure_is_repeated_by_its_command(self):
        result = self.sagalab("run", "-q", "--preset", "eventuate-like", "saga.json")
        self.assertEqual(result.returncode, 1)
        command = result.stdout.splitlines()[-1]
        self.assertEqual(command, "sagalab run saga.json --case lost --preset eventuate-like "
                                  "--seed 1")
        again = self.sagalab(*command.split()[1:])
        self.assertEqual(again.returncode, 1)

    def test_several_are_compared(self):
        result = self.sagalab("run", *both("seata-like", "camunda8-like"), "saga.json")
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stdout, """\
saga.json: fine
  preset         verdict  saga       undone  tries  time
  seata-like     holds    completed  0       0      4ms
  camunda8-like  holds    completed  0       0      4ms
  Stores and replies are the same under all.

saga.json: lost
  preset         verdict  saga         undone  tries  time
  seata-like     holds    compensated  1       1      54ms
  camunda8-like  broken   compensated  0       0      52ms

  payments['o-1'] of PaymentService
    seata-like     (no row)
    camunda8-like  {}

saga.json: lost under camunda8-like: broken: 0 of 1 expectation holds, 6 events, 52ms of virtual \
time
  BROKE    finally    no money is kept
                      size(PaymentService.payments) is 1
                      saga.json:1:633
sagalab run saga.json --case lost --preset camunda8-like --seed 1

3 of 4 runs hold; not under camunda8-like
""")
        self.assertEqual(self.sagalab("run", *both("seata-like", "camunda8-like"), "--threads", "8",
                                      "saga.json").stdout, result.stdout)

    def test_cases_and_params(self):
        fine = self.succeeds("run", *both(*PRESETS), "--case", "fine", "saga.json").stdout
        self.assertIn("saga.json: fine\n", fine)
        self.assertNotIn("lost", fine)
        self.assertTrue(fine.endswith("\n4 of 4 runs hold\n"))
        patient = saga(params={"patience": "50ms"})
        steps = patient["services"]["OrderSaga"]["sagas"]["PlaceOrder"]["steps"]
        steps[0]["timeout"] = "${params.patience}"
        self.write("patient.json", patient)
        text = self.sagalab("run", *both("seata-like", "temporal-like"), "--set", "patience=90ms",
                            "--case", "lost", "patient.json").stdout
        self.assertIn("94ms", text)

    def test_quiet_none_and_files(self):
        words = ["run", *both("seata-like", "eventuate-like"), "saga.json"]
        quiet = self.sagalab(*words, "-q")
        self.assertEqual(quiet.returncode, 1)
        self.assertTrue(quiet.stdout.startswith("saga.json: lost under eventuate-like: broken: "))
        self.assertNotIn("seata-like", quiet.stdout)
        none = self.sagalab(*words, "-f", "none").stdout
        self.assertEqual(none.count(" under seata-like: holds: "), 2)
        self.assertEqual(none.count(" under eventuate-like: broken: "), 1)
        shown = self.sagalab(*words).stdout
        written = self.sagalab(*words, "-o", "table.txt")
        self.assertEqual(written.returncode, 1)
        self.assertIn("  preset          verdict", self.read("table.txt"))
        self.assertNotIn("  preset          verdict", written.stdout)
        self.assertIn(self.read("table.txt").splitlines()[1], shown)

    def test_sometimes_is_judged_under_each(self):
        some = saga()
        some["expect"]["sometimes"] = {"it is undone": "'lost' == 'found'"}
        self.write("some.json", some)
        text = self.sagalab("run", *both("seata-like", "temporal-like"), "some.json").stdout
        for preset in ("seata-like", "temporal-like"):
            self.assertIn(f"sagalab run some.json --preset {preset}\n", text)
        self.assertTrue(text.endswith("4 of 4 runs hold; not under seata-like, temporal-like\n"))

    def test_premises_are_judged_under_each(self):
        some = saga()
        some["expect"]["always"] = {"never asked": "!('o-9' in PaymentService.payments) || false"}
        self.write("some.json", some)
        text = self.sagalab("run", *both("seata-like", "temporal-like"), "some.json").stdout
        for preset in ("seata-like", "temporal-like"):
            self.assertIn("the premise `('o-9' in PaymentService.payments)` was never true in any "
                          f"case\nsagalab run some.json --preset {preset}\n", text)
        self.assertTrue(text.endswith("4 of 4 runs hold\n"))
        text = self.sagalab("run", "--strict", "--preset", "seata-like", "some.json").stdout
        self.assertIn("sagalab run some.json --preset seata-like --strict\n", text)

    def test_refused(self):
        self.assertIn('not "camunda-like" (did you mean "camunda8-like"?)',
                      self.usage_error("run", "--preset", "camunda-like", "saga.json"))
        self.assertIn("--preset seata-like is given twice",
                      self.usage_error("run", *both("seata-like", "seata-like"), "saga.json"))
        for option in (["--format", "jsonl"], ["--check-determinism"], ["--pace", "1x"]):
            self.assertIn(f"{' '.join(option[:1] + option[1:2] * (option[0] == '--format'))} takes "
                          "one --preset, not several",
                          self.usage_error("run", *both("seata-like", "temporal-like"), *option,
                                           "saga.json"))
        none = self.sagalab("run", "--preset", "seata-like", "good.json")
        self.assertEqual((none.returncode, none.stdout), (2, ""))
        self.assertIn('--preset is for sagas that are directed, and "good.json" has none',
                      none.stderr)

    def test_every_name_of_the_language_is_an_option(self):
        for preset in PRESETS:
            said = saga()
            said["services"]["OrderSaga"]["sagas"]["PlaceOrder"]["compensation"] = {
                "preset": preset}
            self.write("said.json", said)
            self.succeeds("check", "said.json")
            self.succeeds("run", "--preset", preset, "--case", "fine", "said.json")
        wrong = saga()
        wrong["services"]["OrderSaga"]["sagas"]["PlaceOrder"]["compensation"] = "seato-like"
        self.write("wrong.json", wrong)
        result = self.sagalab("check", "wrong.json")
        self.assertEqual(result.returncode, 2)
        self.assertIn('not "seato-like" (did you mean "seata-like"?)', result.stderr)
        names = ", ".join(f'"{name}"' for name in PRESETS[:-1]) + f' or "{PRESETS[-1]}"'
        self.assertIn(f"must be {names} or an object", result.stderr)


if __name__ == "__main__":
    main()
