#!/usr/bin/env python3
"""Writes the reference work of exploration: orders that want to be paid, every fourth declined.

    tests/benchmarks/explore/scenarios.py ORDERS > orders.json
    tests/benchmarks/explore/scenarios.py ORDERS --style orchestrated --crashes 0 > saga.json

Styles: `unordered` (by choreography, the bus keeps no order), `fifo` (the same, each link keeps its
order), `orchestrated` (a directed saga over the network). Handlers take a message again without
harm, so that only what is lost for ever can leave an order pending.

Cases: `safe` claims that no order is paid without a payment, which no loss can break; `settled`
claims beside it that at rest no order is pending, which a crash alone cannot break: it holds with
--faults 0. Where a message may be lost for ever it breaks, and `hopeful` says that it is meant to.

Budgets: at most --faults messages are lost or doubled, and PaymentService crashes at most --crashes
times. The language bounds kinds and the total, no two kinds together: with a crash left over, one
loss and one doubled message may come together.
"""

import argparse
import json

STYLES = ("unordered", "fifo", "orchestrated")

PAID = "no order is paid without a payment"
AT_REST = "no order stays pending"

CHOREOGRAPHY = {
    "OrderService": {"store": {"orders": {}}, "on": {
        "CreateOrder": [
            {"if": "!(msg.orderId in store.orders)", "then": [
                {"insert": "orders", "key": "msg.orderId", "row": {"status": "pending"}},
                {"publish": "PayOrder", "copy": ["orderId", "declined"]}]}],
        "PaymentSucceeded": [
            {"if": "store.orders[msg.orderId].status == 'pending'", "then": [
                {"update": "orders", "key": "msg.orderId", "set": {"status": "paid"}}]}],
        "PaymentFailed": [
            {"if": "store.orders[msg.orderId].status == 'pending'", "then": [
                {"update": "orders", "key": "msg.orderId", "set": {"status": "error"}},
                {"publish": "LogOrderError", "copy": ["orderId"]}]}]}},
    "PaymentService": {"store": {"payments": {}}, "on": {
        "PayOrder": [
            {"upsert": "payments", "key": "msg.orderId", "set": {"declined": "${msg.declined}"}},
            {"if": "msg.declined",
             "then": [{"publish": "PaymentFailed", "copy": ["orderId"]}],
             "else": [{"publish": "PaymentSucceeded", "copy": ["orderId"]}]}]}},
    "LogService": {"store": {"errors": {}}, "on": {
        "LogOrderError": [
            {"upsert": "errors", "key": "msg.orderId",
             "set": {"times": "${min([get(row, 'times', 0) + 1, 3])}"}}]}}}

ORCHESTRATION = {
    "OrderSaga": {"sagas": {"PlaceOrder": {"id": "msg.orderId", "steps": [
        {"call": "OrderService.CreateOrder", "copy": ["orderId"],
         "compensate": {"call": "OrderService.RejectOrder", "copy": ["orderId"]}},
        {"call": "PaymentService.PayOrder", "copy": ["orderId", "declined"],
         "retry": {"maxAttempts": 3, "delay": "50ms"},
         "onError": {"rejected": [
             {"call": "LogService.LogOrderError", "copy": ["orderId"]},
             {"reject": "${error.code}"}]}},
        {"call": "OrderService.ConfirmOrder", "kind": "pivot", "copy": ["orderId"]}]}}},
    "OrderService": {"store": {"orders": {}}, "api": {
        "CreateOrder": [
            {"upsert": "orders", "key": "msg.orderId", "set": {"status": "pending"}},
            {"reply": {}}],
        "ConfirmOrder": [
            {"upsert": "orders", "key": "msg.orderId", "set": {"status": "paid"}},
            {"reply": {}}],
        "RejectOrder": [
            {"upsert": "orders", "key": "msg.orderId", "set": {"status": "error"}},
            {"reply": {}}]}},
    "PaymentService": {"store": {"payments": {}}, "api": {
        "PayOrder": [
            {"if": "msg.declined", "reject": "CardDeclined"},
            {"upsert": "payments", "key": "msg.orderId", "set": {"declined": False}},
            {"reply": {}}]}},
    "LogService": {"store": {"errors": {}}, "api": {
        "LogOrderError": [
            {"upsert": "errors", "key": "msg.orderId", "set": {"logged": True}},
            {"reply": {}}]}}}

# What faults of messages may strike: all of them, the client's too.
MESSAGES = {
    "choreography": ["CreateOrder", "PayOrder", "PaymentSucceeded", "PaymentFailed",
                     "LogOrderError"],
    "orchestration": ["OrderService", "PaymentService", "LogService"]}


def workload(style, orders):
    for i in range(orders):
        data = {"orderId": f"o-{i}", "declined": i % 4 == 0}
        if style == "orchestrated":
            yield {"call": "OrderSaga.PlaceOrder", "data": data, "as": f"r{i}", "timeout": "1h"}
        else:
            yield {"publish": "CreateOrder", "data": data}


def scenario(style, orders, faults, crashes):
    """The scenario as an object, to be written as JSON."""
    directed = style == "orchestrated"
    struck = MESSAGES["orchestration" if directed else "choreography"]
    settled = {"finally": {
        AT_REST: "OrderService.orders.all(id, o, o.status != 'pending')"}}
    whole = {
        "scenario": f"Benchmark: {orders} orders, {style}, every fourth payment declined",
        "allow": ["dual-write"],
        "services": ORCHESTRATION if directed else CHOREOGRAPHY,
        "workload": list(workload(style, orders)),
        "expect": {"always": {
            PAID: "OrderService.orders.all(id, o, "
                  "o.status != 'paid' || id in PaymentService.payments)"}},
        "explore": {
            "crash": {"max": crashes, "only": ["PaymentService"]},
            "drop": {"max": faults, "only": struck},
            "duplicate": {"max": faults, "only": struck},
            "reorder": True,
            "faults": faults + crashes},
        "cases": {
            "safe": {},
            "settled": {"expect": settled},
            "hopeful": {"expect": settled, "explore": {"breaks": [AT_REST]}}}}
    if not directed:
        whole["bus"] = {"order": "none" if style == "unordered" else "fifo"}
    return whole


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("orders", type=int)
    parser.add_argument("--style", choices=STYLES, default=STYLES[0])
    parser.add_argument("--faults", type=int, default=1, help="messages lost or doubled")
    parser.add_argument("--crashes", type=int, default=1, help="of PaymentService")
    options = parser.parse_args()
    print(json.dumps(scenario(options.style, options.orders, options.faults, options.crashes),
                     indent=2))


if __name__ == "__main__":
    main()
