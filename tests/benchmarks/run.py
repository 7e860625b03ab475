#!/usr/bin/env python3
"""How fast sagalab is, beside a program written by hand for exactly the same scenario.

    cmake --workflow --preset release
    tests/benchmarks/run.py [--quick] [--sagalab PATH] [--by-hand PATH] [--rounds N]

Builds no sagalab; the program by hand, one file, is compiled with -O3 by $CXX or c++ unless it is
given. Every pair of programs runs alternately, A B A B, so that a noisy machine disturbs both;
medians of whole processes are printed, wall and user seconds, with the largest memory they had
(what is below 16 MB cannot be seen: a new process begins with the memory of this one).
Never fails because of a time: the exit code is 1 only when a program fails or results differ.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from measuring import Failed, Sample, machine, measure, median

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
MESSAGES_PER_ORDER = 3.25


def row(name, samples, base=None, messages=None):
    wall, user = median(samples, "wall"), median(samples, "user")
    text = f"  {name:<28} wall {wall:8.3f} s  user {user:8.3f} s"
    text += f"  memory {max(s.memory_mb for s in samples):8.1f} MB"
    if messages:
        text += f"  {messages / wall / 1e6:7.3f} M messages/s"
    if base:
        text += f"  x{wall / median(base, 'wall'):.2f} wall"
        text += f"  x{user / max(median(base, 'user'), 0.001):.2f} user"
    print(text, flush=True)


def orders(options, sizes):
    """Orders by choreography against the program by hand."""
    print("orders by choreography (orders.json) and by hand (handwritten.cpp)")
    before = {}
    for count in sizes:
        run = [options.sagalab, "run", "--quiet", "--format", "none",
               "--set", f"orders={count}"]
        commands = {"by hand": [options.by_hand, str(count)]}
        for threads in (1, 2):
            commands[f"sagalab, threads {threads}"] = run + [
                "--threads", str(threads), str(HERE / "orders.json")]
        # A few more rounds where one takes only milliseconds.
        samples = measure(commands, options.rounds * (3 if count <= 10_000 else 1))
        print(f" {count} orders, {int(count * MESSAGES_PER_ORDER)} messages")
        check_by_hand(samples["by hand"][0].output, count)
        for name, values in samples.items():
            row(name, values, None if name == "by hand" else samples["by hand"],
                count * MESSAGES_PER_ORDER)
            memory = max(value.memory_mb for value in values)
            if name in before:
                fewer, then = before[name]
                kb = (memory - then) * 1024 / (count - fewer)
                print(f"  {'':<28} {kb:.2f} KB more memory for each order more")
            before[name] = (count, memory)


def check_by_hand(output, count):
    """The same numbers as `expect` of orders.json demands of sagalab's stores."""
    failed = (count + 3) // 4
    expected = (f"messages {3 * count + failed} paid {count - failed} error {failed} "
                f"payments {count} errors {failed}")
    if output.strip() != expected:
        raise Failed(f"by hand: expected {expected}\n         found    {output.strip()}")


def heavy(options, jobs):
    """Handlers that compute: here a second thread is worth something."""
    print(f"heavy handlers (heavy.json), {jobs} jobs on four services")
    run = [options.sagalab, "run", "--quiet", "--format", "none", "--set", f"jobs={jobs}",
           str(HERE / "heavy.json")]
    samples = measure({f"threads {n}": run + ["--threads", str(n)] for n in (1, 2)},
                      options.rounds)
    row("threads 1", samples["threads 1"])
    row("threads 2", samples["threads 2"], samples["threads 1"])


def big_service(number):
    """Ten handlers, each publishing the event of the next."""
    handlers = {}
    for event in range(10):
        following = f"Event{number}x{event + 1}" if event < 9 else f"Event{number + 1}x0"
        handlers[f"Event{number}x{event}"] = [
            {"upsert": "rows", "key": "msg.id",
             "set": {"status": "new", "twice": "${msg.amount * 2 + " + str(event) + "}"}},
            {"if": "msg.amount > 100 && msg.id.startsWith('o-')",
             "then": [{"update": "rows", "key": "msg.id", "set": {"status": "large"}}],
             "else": [{"log": "row ${msg.id} of ${msg.amount}"}]},
            {"publish": following, "copy": ["id", "amount"]}]
    return {"store": {"rows": {}}, "on": handlers}


def big_scenario(path, megabytes):
    """Writes a scenario of about so many megabytes, piece by piece; returns its bytes."""
    with path.open("w", encoding="utf-8") as out:
        size = out.write('{"scenario": "Benchmark: a large file", "services": {\n')
        number = 0
        while size < megabytes * 1_000_000:
            size += out.write(f'"Service{number}": {json.dumps(big_service(number))},\n')
            number += 1
        last = {"on": {f"Event{number}x0": [{"log": "the end"}]}}
        first = [{"publish": "Event0x0", "data": {"id": "o-1", "amount": 1}}]
        size += out.write(f'"Last": {json.dumps(last)}}},\n"workload": {json.dumps(first)}}}\n')
    return size


def loading(options, megabytes):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.json"
        size = big_scenario(path, megabytes)
        print(f"loading a scenario of {size / 1e6:.1f} MB (sagalab check)")
        samples = measure({"check": [options.sagalab, "check", str(path)]}, options.rounds)["check"]
        row("check", samples)
        print(f"  {'':<28} {size / 1e6 / median(samples, 'wall'):.1f} MB/s")


def expressions(options, count):
    """Expressions compiled a second, and evaluated a second inside one long macro."""
    help_text = Sample([options.sagalab, "eval", "--help"])
    if help_text.code != 0 or "--batch" not in help_text.output:
        print("expressions: skipped, this sagalab has no `eval --batch`")
        return
    short = [{"expr": "1 + 2 * 3 == 7"},
             {"expr": "id.startsWith('o-') && size(lines) == 3",
              "with": {"id": "o-17", "lines": [1, 2, 3]}},
             {"expr": "[1, 2, 3, 4].filter(n, n % 2 == 0).map(n, n * n)"},
             {"expr": "row.all(k, v, v > 0)", "with": {"row": {"a": 1, "b": 2}}}]
    side = max(10, int((count * 5) ** 0.5))
    square = {"expr": "items.all(a, items.all(b, a + b >= 0))",
              "with": {"items": list(range(side))}}
    print(f"expressions (sagalab eval --batch): {count} short ones, one of {side * side} parts")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cases"
        for name, number, lines in (("compiled and evaluated", count, short),
                                    ("evaluated in a macro", side * side, [square])):
            total = number if lines is short else 1
            path.write_text("".join(json.dumps(lines[i % len(lines)]) + "\n"
                                    for i in range(total)), encoding="utf-8")
            samples = measure({name: [options.sagalab, "eval", "--batch"]}, options.rounds, path)
            row(name, samples[name])
            print(f"  {'':<28} {number / median(samples[name], 'wall'):,.0f} a second")


def compile_by_hand(folder):
    target = Path(folder) / "orders-by-hand"
    subprocess.run([os.environ.get("CXX", "c++"), "-std=c++20", "-O3", "-DNDEBUG",
                    str(HERE / "handwritten.cpp"), "-o", str(target)], check=True)
    return target


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="seconds, to see that it works")
    parser.add_argument("--sagalab", default=str(ROOT / "build/release/sagalab"))
    parser.add_argument("--by-hand", help="handwritten.cpp, compiled")
    parser.add_argument("--rounds", type=int, help="how often each runs (default: 5)")
    options = parser.parse_args()
    options.rounds = options.rounds or (1 if options.quick else 5)
    if not os.access(options.sagalab, os.X_OK):
        parser.error(f"no program at {options.sagalab}: cmake --workflow --preset release")
    print(machine())
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        options.by_hand = options.by_hand or compile_by_hand(folder)
        parts = [
            (orders, [1_000, 10_000] if options.quick else [10_000, 100_000, 1_000_000]),
            (heavy, 20 if options.quick else 1_000),
            (loading, 1 if options.quick else 10),
            (expressions, 1_000 if options.quick else 200_000)]
        for part, size in parts:
            try:
                part(options, size)
            except Failed as error:
                print(f"error: {error}", file=sys.stderr)
                failures += 1
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
