#!/usr/bin/env python3
"""How fast `sagalab explore` answers, beside SPIN on the same rules.

    cmake --workflow --preset release
    tests/benchmarks/explore/run.py [--quick] [--sagalab PATH] [--rounds N]

scenarios.py writes the scenario, promela.py the model. Everything is timed on this machine in this
one run, in turn, and medians are printed: whole processes, for SPIN with the generation and the
compilation of its checker. Without SPIN (Debian: apt-get install spin) its rows are left out.
Never fails because of a time: the exit code is 1 only when a program fails or a verdict is wrong.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import namedtuple
from pathlib import Path

import promela
import scenarios

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from measuring import Failed, Sample, machine, median  # noqa: E402

ROOT = HERE.parent.parent.parent

# What a search by hand over the same small steps counts (one loss or doubled message, one crash).
BY_HAND = {2: 2_891, 3: 24_639, 4: 179_669, 5: 1_581_301, 6: 9_598_653}

EXHAUSTED, BROKEN, EARLY = "exhausted", "counterexample", "stopped early"

ABOUT = """\
The work: orders that want to be paid, every fourth card is declined. "faults" is how many messages
may be lost or doubled, "crashes" how often PaymentService may crash; every placement of them and
every order of delivery is tried. "exhausted" is the answer that nothing breaks the claim.
sagalab does a little more than SPIN: it also tries one loss and one doubled message together.
"seconds" is what one waits, "processor" what was computed: less where the machine is busy.
SPIN counts small steps, sagalab a handler as one step (its crash points are variants of it), so
their numbers of states are not to be compared; their times for the same answer are."""

# Medians of what a program said and took. Seconds that one waits and that a processor computed, in
# all and (`search`, `search_cpu`) of the search alone.
Answer = namedtuple(
    "Answer", "verdict states transitions wall cpu search search_cpu memory_mb peak_mb")


class Work(namedtuple("Work", "style orders faults crashes case")):
    def told(self):
        return f"{self.orders:>6}  {self.faults:>6}  {self.crashes:>7}"


# ---- The two programs ----------------------------------------------------------------------------

def answer_of(runs):
    """The medians of some runs of one thing."""
    return runs[0]._replace(**{
        name: statistics.median(getattr(run, name) for run in runs)
        for name in ("wall", "cpu", "search", "search_cpu")})


class Sagalab:
    def __init__(self, program, folder):
        self.program, self.folder = program, Path(folder)

    def explore(self, work, expected=EXHAUSTED, threads=1, reduce=True, stop_after="120s"):
        """One run, and whether its verdict is the one it must be."""
        file = self.folder / f"{work.style}-{work.orders}-{work.faults}-{work.crashes}.json"
        file.write_text(json.dumps(scenarios.scenario(
            work.style, work.orders, work.faults, work.crashes)), encoding="utf-8")
        command = [self.program, "explore", str(file), "--case", work.case, "--format", "json",
                   "--threads", str(threads), "--time", stop_after, "--memory", "8G"]
        if not reduce:
            command.append("--no-reduction")
        sample = Sample(command, cwd=self.folder, stderr=None)
        try:
            report = json.loads(sample.output)
        except ValueError:
            raise Failed(f"{' '.join(command)}: exit code {sample.code}, no report\n"
                         f"{sample.output[-2000:]}") from None
        if report["verdict"] not in (expected, EARLY):
            raise Failed(f"{' '.join(command)}: {report['verdict']}, not {expected}")
        cpu = sample.user + sample.system
        return Answer(report["verdict"], report["states"], report["transitions"], sample.wall,
                      cpu, float(report["seconds"]), cpu, report["bytes"] / 1e6, sample.memory_mb)


class Spin:
    def __init__(self, folder):
        self.folder = Path(folder)

    @staticmethod
    def there():
        return shutil.which("spin") is not None and shutil.which("gcc") is not None

    def explore(self, work, expected=EXHAUSTED):
        text = promela.model(work.orders, work.faults, work.crashes, work.case != "safe")
        (self.folder / "orders.pml").write_text(text, encoding="utf-8")
        # Its reduction finds nothing to leave out here, and without it the checker is faster.
        steps = [["spin", "-a", "orders.pml"],
                 ["gcc", "-O2", "-DSAFETY", "-DNOREDUCE", "-o", "pan", "pan.c"],
                 ["./pan", "-m1000000", "-w24"]]
        samples = [self.step(command) for command in steps]
        output = samples[-1].output
        found = {name: int(number) for number, name in
                 re.findall(r"(\d+) (states|transitions)(?:, stored| \(=)", output)}
        errors = int(re.search(r"errors: (\d+)", output).group(1))
        verdict = BROKEN if errors else EXHAUSTED
        if verdict != expected:
            raise Failed(f"SPIN, {work}: {verdict}, not {expected}\n{output}")
        stored = re.search(r"([\d.]+)\tactual memory usage for states", output)
        return Answer(verdict, found["states"], found["transitions"],
                      sum(sample.wall for sample in samples),
                      sum(sample.user + sample.system for sample in samples), samples[-1].wall,
                      samples[-1].user + samples[-1].system,
                      float(stored.group(1)) if stored else 0.0, samples[-1].memory_mb)

    def step(self, command):
        sample = Sample(command, cwd=self.folder)
        if sample.code != 0:
            raise Failed(f"{' '.join(command)}: exit code {sample.code}\n{sample.output[-2000:]}")
        return sample


# ---- The tables ----------------------------------------------------------------------------------

def row(name, work, answer, note=""):
    print(f"  {name:<24}{work.told()}  {answer.verdict:<14}  {answer.states:>10,}"
          f"  {answer.wall:>9.3f}  {answer.cpu:>9.3f}  {note}".rstrip(), flush=True)


def heading(text):
    print(f"\n{text}")
    print(f"  {'':<24}{'orders':>6}  {'faults':>6}  {'crashes':>7}  {'verdict':<14}"
          f"  {'states':>10}  {'seconds':>9}  {'processor':>9}")


def goal(value, limit):
    return "reached" if value <= limit else "missed"


class Benchmark:
    def __init__(self, options, folder):
        self.options = options
        self.sagalab = Sagalab(options.sagalab, folder)
        self.spin = Spin(folder) if Spin.there() else None

    def repeat(self, *runs):
        """Each in turn, as often as asked for; the answers."""
        samples = [[] for _ in runs]
        for _ in range(self.options.rounds):
            for run, found in zip(runs, samples):
                found.append(run())
        return [answer_of(found) for found in samples]

    def beside_spin(self, work, expected):
        """Both on the same work."""
        runs = [lambda: self.sagalab.explore(work, expected)]
        if self.spin:
            runs.append(lambda: self.spin.explore(work, expected))
        mine, *others = self.repeat(*runs)
        if not others:
            row("sagalab", work, mine)
            return None
        spin = others[0]
        row("SPIN", work, spin)
        ratio = mine.wall / spin.wall
        note = f"{ratio:.2g} of SPIN's time"
        if expected == EXHAUSTED and work.orders == 6:
            note += f" (goal 0.01: {goal(ratio, 0.01)})"
        row("sagalab", work, mine, note)
        return spin

    def verdicts(self):
        orders = 4 if self.options.quick else 6
        heading("Until the answer \"no order is ever paid without a payment\", which is true")
        spin = self.beside_spin(Work("unordered", orders, 1, 1, "safe"), EXHAUSTED)
        if spin and spin.states != BY_HAND[orders]:
            raise Failed(f"SPIN's model is not the one meant: {spin.states} states, "
                         f"by hand {BY_HAND[orders]}")
        heading("Until the first example against \"no order stays pending\": a lost message")
        self.beside_spin(Work("unordered", orders, 1, 1, "settled"), BROKEN)
        return spin

    def many_orders(self):
        heading("Many orders (goal: a second each)")
        for work in (Work("unordered", 20, 1, 1, "safe"), Work("unordered", 100, 0, 1, "settled")):
            answer, = self.repeat(lambda work=work: self.sagalab.explore(work))
            row("sagalab", work, answer, f"({goal(answer.wall, 1.0)})")

    def rates(self, spin):
        work = Work("unordered", 3 if self.options.quick else 4, 1, 1, "safe")
        one, two, both = self.repeat(
            lambda: self.sagalab.explore(work, reduce=False),
            lambda: self.sagalab.explore(work, threads=2, reduce=False),
            lambda: self.sagalab.explore(work))
        print(f"\nStates without reduction ({work.orders} orders, {work.faults} fault, "
              f"{work.crashes} crash; the search alone)")
        rate = one.states / max(one.search_cpu, 0.001)
        if spin:
            by_spin = spin.states / max(spin.search_cpu, 0.001)
            print(f"  {'SPIN, 1 core':<24}{by_spin:>12,.0f} a processor second")
            print(f"  {'sagalab, 1 thread':<24}{rate:>12,.0f} a processor second, "
                  f"{rate / by_spin:.2f} of SPIN's (goal 0.33: {goal(0.33, rate / by_spin)})")
        else:
            print(f"  {'sagalab, 1 thread':<24}{rate:>12,.0f} a processor second")
        faster = (two.states / two.search) / (one.states / one.search)
        print(f"  {'sagalab, 2 threads':<24}{two.states / two.search:>12,.0f} a second, "
              f"{faster:.2f} times as many as on 1 (goal 1.7: {goal(1.7, faster)})")
        for answer, name in ((one, "without"), (both, "with")):
            print(f"  {name + ' reduction':<24}{answer.states:>12,} states, "
                  f"{answer.transitions:,} transitions, {answer.verdict}")
        each = one.memory_mb * 1e6 / one.states
        print(f"  {'memory':<24}{each:>12,.0f} bytes a visited state "
              f"(goal 64: {goal(each, 64)}), the process at most {one.peak_mb:,.0f} MB")
        if spin:
            print(f"  {'memory of SPIN':<24}{spin.memory_mb * 1e6 / spin.states:>12,.0f} "
                  f"bytes a visited state, the process at most {spin.peak_mb:,.0f} MB")

    def beside(self):
        heading("The same work otherwise: links that keep their order; a saga that is directed")
        small = self.options.quick
        for name, work in (
                ("ordered links", Work("fifo", 3 if small else 4, 1, 1, "safe")),
                ("ordered links", Work("fifo", 4 if small else 6, 0, 1, "settled")),
                ("directed saga", Work("orchestrated", 2 if small else 3, 0, 1, "settled")),
                ("directed saga", Work("orchestrated", 2, 1, 0, "safe"))):
            answer, = self.repeat(lambda work=work: self.sagalab.explore(work, stop_after="60s"))
            row(name, work, answer)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="seconds, to see that it works")
    parser.add_argument("--sagalab", default=str(ROOT / "build/release/sagalab"))
    parser.add_argument("--rounds", type=int, help="how often each runs (default: 3)")
    options = parser.parse_args()
    options.rounds = options.rounds or (1 if options.quick else 3)
    options.sagalab = os.path.abspath(options.sagalab)
    if not os.access(options.sagalab, os.X_OK):
        parser.error(f"no program at {options.sagalab}: cmake --workflow --preset release")
    print(machine())
    print(ABOUT)
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        benchmark = Benchmark(options, folder)
        if not benchmark.spin:
            print("\nSPIN is left out: no spin or no gcc here (apt-get install spin)")
        spin = None
        parts = [benchmark.verdicts, benchmark.many_orders, lambda: benchmark.rates(spin),
                 benchmark.beside]
        for part in parts:
            try:
                spin = part() or spin
            except Failed as error:
                print(f"error: {error}", file=sys.stderr)
                failures += 1
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
