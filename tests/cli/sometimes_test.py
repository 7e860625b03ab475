"""`sometimes`: a claim about all cases of a file together."""

from support import Cli, main, scenario

PAID = {"sometimes": {"some order is paid": "OrderService.orders['o-1'].status == 'paid'"},
        "finally": None}
PAYS = {"services": {"OrderService": {"on": {"CreateOrder": [
    {"insert": "orders", "key": "msg.orderId", "row": {"status": "paid"}}]}}}}


class Sometimes(Cli):
    def ran(self, cases, *options):
        self.write("some.json", scenario("One order", cases=cases))
        return self.sagalab("run", *options, "some.json")

    def test_one_case_is_enough(self):
        run = self.ran({"no": {"expect": PAID}, "yes": {**PAYS, "expect": PAID}})
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertIn("not yet  sometimes  some order is paid (not in this case)", run.stdout)
        self.assertIn("ok       sometimes  some order is paid", run.stdout)
        self.assertIn("2 of 2 cases hold", run.stdout)

    def test_none_is_not(self):
        run = self.ran({"no": {"expect": PAID}, "neither": {"expect": PAID}})
        self.assertEqual(run.returncode, 1)
        self.assertIn('some.json: broken: sometimes "some order is paid" held at the end of none '
                      'of 2 cases\nsagalab run some.json\n', run.stdout)

    def test_a_part_of_the_cases_proves_nothing(self):
        run = self.ran({"no": {"expect": PAID}, "yes": {**PAYS, "expect": PAID}}, "--case", "no")
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def test_a_case_may_be_meant_to_break_it(self):
        breaks = {"breaks": ["some order is paid"], "expect": PAID}
        run = self.ran({"no": breaks, "yes": {**PAYS, "expect": PAID}})
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertIn("breaks   sometimes  some order is paid (as meant)", run.stdout)
        run = self.ran({"no": {"expect": PAID}, "yes": {**PAYS, **breaks}})
        self.assertEqual(run.returncode, 1)
        self.assertIn("(it holds, and was meant to break)", run.stdout)


if __name__ == "__main__":
    main()
