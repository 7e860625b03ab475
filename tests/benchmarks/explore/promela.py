#!/usr/bin/env python3
"""Writes the orders of scenarios.py, by choreography without order, as a model for SPIN.

    tests/benchmarks/explore/promela.py ORDERS [--faults N] [--crashes N] [--finally] > orders.pml

The same rules as the scenario, in the small steps that a model checker counts. What PaymentService
does with one message is four transitions: it takes it, stores, publishes, acknowledges. A crash may
come between any two, or while it is idle; then the message is in flight again, and the service
restarts at any moment. Every other handler is one transition. A message is lost or doubled while it
is in flight, at any moment. Network: for each order and kind of message a number of copies.
"""

import argparse

KINDS = ("create", "pay", "outcome", "log")

HEAD = """\
/* {orders} orders by choreography; at most {faults} lost or doubled, {crashes} crashes. */
#define NONE 0
#define PENDING 1
#define PAID 2
#define ERROR 3

byte create[{orders}] = 1, pay[{orders}], outcome[{orders}], log[{orders}]; /* copies in flight */
byte status[{orders}], logged[{orders}];
bool stored[{orders}];
byte faults = {faults}, crashes = {crashes};

active proctype OrderService() {{
end:
    do
"""

ORDER_PAID = """\
    :: d_step {{ outcome[{i}] -> outcome[{i}]--;
        if :: status[{i}] == PENDING -> assert(stored[{i}]); status[{i}] = PAID
           :: else fi }}
"""

ORDER_DECLINED = """\
    :: d_step {{ outcome[{i}] -> outcome[{i}]--;
        if :: status[{i}] == PENDING -> status[{i}] = ERROR; log[{i}]++ :: else fi }}
"""

ORDER_CREATED = """\
    :: d_step {{ create[{i}] -> create[{i}]--;
        if :: status[{i}] == NONE -> status[{i}] = PENDING; pay[{i}]++ :: else fi }}
"""

PAYMENT_HEAD = """\
    od
}

active proctype PaymentService() {
    byte order, step; /* step 0: idle; 1: taken; 2: stored; 3: published */
    bool down;
end:
    do
    :: d_step { step == 1 -> stored[order] = 1; step = 2 }
    :: d_step { step == 2 -> outcome[order]++; step = 3 }
    :: d_step { step == 3 -> order = 0; step = 0 }
    :: d_step { crashes && !down -> crashes--; down = 1;
        if :: step -> pay[order]++ :: else fi; order = 0; step = 0 }
    :: d_step { down -> down = 0 }
"""

PAYMENT = "    :: d_step {{ !down && !step && pay[{i}] -> pay[{i}]--; order = {i}; step = 1 }}\n"

LOG_HEAD = """\
    od
}

active proctype LogService() {
end:
    do
"""

LOG = """\
    :: d_step {{ log[{i}] -> log[{i}]--;
        if :: logged[{i}] < 3 -> logged[{i}]++ :: else fi }}
"""

NETWORK_HEAD = """\
    od
}

active proctype Network() {
end:
    do
"""

NETWORK = """\
    :: d_step {{ faults && {kind}[{i}] -> faults--; {kind}[{i}]-- }}
    :: d_step {{ faults && {kind}[{i}] -> faults--; {kind}[{i}]++ }}
"""

TAIL = """\
    od
}
"""


def model(orders, faults, crashes, at_rest=False):
    """The text of the model; `at_rest`: claim that at rest no order is pending."""
    each = range(orders)
    parts = [HEAD.format(orders=orders, faults=faults, crashes=crashes)]
    for i in each:
        parts.append(ORDER_CREATED.format(i=i))
        parts.append((ORDER_PAID if i % 4 else ORDER_DECLINED).format(i=i))
    if at_rest:
        settled = " && ".join(f"status[{i}] != PENDING" for i in each)
        parts.append(f"    :: atomic {{ timeout -> assert({settled}) }}\n")
    parts.append(PAYMENT_HEAD)
    parts += [PAYMENT.format(i=i) for i in each]
    parts.append(LOG_HEAD)
    parts += [LOG.format(i=i) for i in each]
    parts.append(NETWORK_HEAD)
    parts += [NETWORK.format(i=i, kind=kind) for i in each for kind in KINDS]
    parts.append(TAIL)
    return "".join(parts)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("orders", type=int)
    parser.add_argument("--faults", type=int, default=1, help="messages lost or doubled")
    parser.add_argument("--crashes", type=int, default=1, help="of PaymentService")
    parser.add_argument("--finally", dest="at_rest", action="store_true",
                        help="claim that at rest no order is pending")
    options = parser.parse_args()
    print(model(options.orders, options.faults, options.crashes, options.at_rest), end="")


if __name__ == "__main__":
    main()
