"""What each handler touches, and what costs reduction, as `check --explain` tells it."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "cli"))
from support import Cli, main  # noqa: E402

UNORDERED = {"order": "none"}


def paying(more_on=None, bank=None, expect=None, **more):
    """An order and its payment; nothing in it costs reduction."""
    services = {
        "Orders": {"store": {"orders": {}}, "on": {
            "Ordered": [
                {"insert": "orders", "key": "msg.id", "row": {"status": "pending"}},
                {"publish": "Pay", "copy": ["id"]}],
            "Paid": [{"update": "orders", "key": "msg.id", "set": {"status": "paid"}}],
            **(more_on or {})}, **more.pop("orders", {})},
        "Bank": {"on": {"Pay": bank or [{"publish": "Paid", "copy": ["id"]}]},
                 **more.pop("more_bank", {})}}
    claim = {"orders are paid": "Orders.orders.all(id, o, o.status in ['pending', 'paid'])"}
    return {"scenario": "Paying", "allow": ["dual-write"], "bus": UNORDERED, "services": services,
            "workload": [{"publish": "Ordered", "data": {"id": "o"}, "as": "order"}],
            "expect": {"always": claim, **(expect or {})}, "explore": {"crash": 1}, **more}


class Explain(Cli):
    def explained(self, scenario):
        # One key a line, so that a place is a line.
        with open(f"{self.folder}/it.json", "w", encoding="utf-8") as file:
            json.dump(scenario, file, indent=1)
        return self.succeeds("check", "--explain", "it.json").stdout

    def costs(self, scenario):
        printed = self.explained(scenario)
        if "  nothing costs reduction\n" in printed:
            return ""
        return printed.split("  what costs reduction:\n")[1]

    def places(self, text):
        """Of the first line that begins with this text, and of the brace before it."""
        for number, line in enumerate(self.read("it.json").splitlines(), 1):
            if line.lstrip().startswith(text):
                return (f"(it.json:{number}:", f"(it.json:{number - 1}:")
        raise AssertionError(text)

    def costs_at(self, scenario, what, text):
        found = [line for line in self.costs(scenario).splitlines() if what in line]
        self.assertEqual(len(found), 1, self.costs(scenario))
        self.assertTrue(any(place in found[0] for place in self.places(text)), found[0])

    def block(self, scenario, handler):
        printed = self.explained(scenario)
        block = printed.split(f"  {handler}\n")[1]
        lines = []
        for line in block.splitlines():
            if not line.startswith("    "):
                break
            lines.append(" ".join(line.split()))
        return lines

    def test_nothing_costs(self):
        self.assertEqual(self.costs(paying()), "")

    def test_rows_and_where_their_keys_come_from(self):
        looked_at = 'what always "orders are paid" looks at, key '
        self.assertEqual(self.block(paying(), "Orders.Ordered"), [
            "writes Orders.orders[msg.id]", f"writes {looked_at}msg.id", "may crash Orders",
            "then writes the time, by a timer", "then may crash Bank"])
        self.assertEqual(self.block(paying(), "Bank.Pay"), [
            "may crash Bank", "then writes Orders.orders[msg.id]",
            "then writes the time, by a timer", f"then writes {looked_at}msg.id",
            "then may crash Orders"])
        self.assertEqual(self.block(paying(), "client order"), [
            'then writes Orders.orders["o"]', "then writes the time, by a timer",
            f'then writes {looked_at}"o"', "then may crash Bank", "then may crash Orders"])

    def test_who_has_to_be_up(self):
        calls = paying(bank=[{"call": "Ledger.Book", "copy": ["id"]}])
        calls["services"]["Ledger"] = {"api": {"Book": [{"reply": {}}]}}
        self.assertIn("needs up Ledger", self.block(calls, "Bank.Pay"))
        self.assertIn("then needs up Ledger", self.block(calls, "Orders.Ordered"))

    def test_the_whole_of_a_table(self):
        for condition in ("size(store.orders) > 3",
                          "store.orders.exists(id, o, o.status == 'paid')",
                          "get(store.orders, 'k', {}) == {}", "store.orders == {}"):
            counts = {"Counted": [{"if": condition, "then": [{"stop": "enough"}]}]}
            self.costs_at(paying(counts), "the whole of Orders.orders is read: ", '"if"')

    def test_a_key_that_is_computed(self):
        for key in ("msg.id + '-x'", "msg.ids[0]"):
            computed = {"Counted": [{"upsert": "orders", "key": key, "set": {}}]}
            self.costs_at(paying(computed), "keys of Orders.orders are computed", '"upsert"')
        read = {"Counted": [{"if": "msg.id + '-x' in store.orders", "then": [{"stop": "known"}]}]}
        self.costs_at(paying(read), "keys of Orders.orders are computed", '"if"')

    def test_ordered_links(self):
        self.assertIn("links are ordered: what is sent on one depends on each other: "
                      "Bank -> Orders, Orders -> Bank, client -> Orders",
                      self.costs({**paying(), "bus": {}}))
        self.assertIn("writes the end of the ordered link Orders -> Bank",
                      self.block({**paying(), "bus": {}}, "Orders.Ordered"))

    def test_a_claim_that_is_not_decided_by_key(self):
        claim = {"always": {"few orders": "size(Orders.orders) < 9"}}
        self.costs_at(paying(expect=claim), 'always "few orders" is not decided key by key',
                      '"few orders"')

    def test_what_keeps_worlds_apart(self):
        for field, what in (("time", "meta.time is read: "), ("attempt", "attempts are read: "),
                            ("id", "ids of messages are read: ")):
            reads = {"Counted": [{"let": {"seen": f"${{meta.{field}}}"}}]}
            self.costs_at(paying(reads), what, '"let"')
        numbered = [{"drop": "Pay", "attempt": 2}]
        self.costs_at(paying(faults=numbered), "attempts are read: ", '"drop"')

    def test_sequence(self):
        self.costs_at(paying(expect={"sequence": ["Pay -> Bank", "Paid -> Orders"]}),
                      "sequence follows the order of deliveries", '"sequence"')

    def test_scripted_faults(self):
        self.costs_at(paying(faults=[{"drop": "Pay"}]),
                      "scripted faults count what they strike", '"drop"')

    def test_faults_by_chance(self):
        self.costs_at(paying(faults=[{"drop": "Pay", "probability": "2%"}]),
                      "whether a fault strikes is drawn by a message's id", '"drop"')

    def test_workers_and_replicas(self):
        for more in ({"workers": 1}, {"replicas": 2}):
            self.costs_at(paying(more_bank=more), "workers and replicas of Bank", '"Bank"')

    def test_operators(self):
        work = [{"redrive": "Bank"}]
        self.costs_at(paying(workload=[{"publish": "Ordered", "data": {"id": "o"}}] + work),
                      "a command of an operator touches everything", '"redrive"')

    def test_counts_that_are_not_only_compared(self):
        claim = {"finally": {"as many": "delivered('Pay -> Bank') == size(Orders.orders)"}}
        self.costs_at(paying(expect=claim), 'delivered("Pay -> Bank") is compared', '"as many"')
        claim = {"finally": {"as many": "delivered('Pay -> Bank') == 1"}}
        self.assertEqual(self.costs(paying(expect=claim)), "")

    def test_figures_of_load(self):
        work = [{"call": "Mail.Send", "as": "mail", "every": "1s", "times": 2}]
        self.costs_at({**self.saga("load.mail.succeeded == 2"), "workload": work},
                      "load is read, and is no part of a world", '"it"')

    def saga(self, claim):
        return {"scenario": "A saga", "services": {
            "Trips": {"sagas": {"Book": {"id": "msg.id", "steps": [{"call": "Mail.Send"}]}}},
            "Mail": {"api": {"Send": [{"reply": {}}]}}},
            "workload": [{"call": "Trips.Book", "data": {"id": "t"}}],
            "expect": {"finally": {"it": claim}}}

    def test_logs_that_are_read(self):
        self.assertEqual(self.costs(self.saga("Trips.Book['t'].state == 'completed'")), "")
        self.costs_at(self.saga("size(Trips.Book['t'].log) == 2"),
                      "the log of Trips.Book is read: the first 16 attempts", '"it"')
        self.costs_at(self.saga("Trips.Book['t'].log.all(l, has(l.attempt))"),
                      "attempts in the log of Trips.Book are read", '"it"')

    def test_inboxes_keep_loops_from_being_found(self):
        saga = self.saga("true")
        saga["services"]["Mail"]["inbox"] = True
        self.costs_at(saga, "inboxes keep ids of messages: a path that never settles", '"Mail"')

    def test_a_report_tells_what_costs_most(self):
        faulty = paying(faults=[{"drop": "Pay"}],
                        expect={"always": {"few orders": "size(Orders.orders) < 9"}})
        self.write("it.json", {**faulty, "bus": {}})
        printed = self.sagalab("explore", "it.json").stdout
        lines = [line for line in printed.splitlines() if line.startswith("reduction: ")]
        self.assertEqual(len(lines), 2, printed)
        self.assertTrue(lines[0].startswith("reduction: scripted faults count "))
        # What is ordered joins neighbours only: that is told where it is asked for.
        self.assertNotIn("ordered", "".join(lines))
        report = json.loads(self.sagalab("explore", "--format", "json", "it.json").stdout)
        told = (report["explored"] if "explored" in report else report)
        told = told[0] if isinstance(told, list) else told
        self.assertEqual([entry["places"][0].split(":")[0] for entry in told["reduction"]],
                         ["it.json", "it.json"])
        self.assertIn("few orders", told["reduction"][1]["what"])
        self.assertNotIn("reduction: ", self.sagalab("explore", "--no-reduction", "it.json").stdout)
        self.write("it.json", paying())
        self.assertNotIn("reduction: ", self.sagalab("explore", "it.json").stdout)


if __name__ == "__main__":
    main()
