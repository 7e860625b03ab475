#!/usr/bin/env python3
"""A scenario, a case and a seed give the same trace everywhere: hashes.txt has the hash of each.

    SAGALAB_UPDATE=1 ctest --test-dir build/test -R determinism    accept new ones; read the diff

Every case of every file in scenarios/, with 1, 2 and 8 threads, as the file says it, with another
seed, and by chance where `sagalab run` knows --random. The file is one for all compilers, build
types and sanitizers: matrix.py beside this goes through those. What a trace says is compared in
golden/.
"""

import hashlib
import json
import subprocess
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from support import traces

APPROVED = HERE / "hashes.txt"
VARIANTS = ((), ("--seed", "2"), ("--random",), ("--random", "--seed", "2"))
ENDINGS = (0, 1, 3)  # a scenario may break with another seed; its trace is one all the same


def files():
    """Every scenario below the folder, parts of systems left out."""
    for path in sorted(traces.SCENARIOS.rglob("*.json")):
        if "scenario" in json.loads(path.read_text(encoding="utf-8")):
            yield path.relative_to(traces.SCENARIOS).as_posix()


def variants(binary):
    known = subprocess.run([binary, "run", "--help"], text=True, capture_output=True, timeout=60,
                           env=traces.PLAIN, check=True).stdout
    return [options for options in VARIANTS
            if all(word in known for word in options if word.startswith("--"))]


def cases(trace):
    """The name of each case in a trace of a whole file, and the lines that are about it."""
    found = {}
    name = None
    for line in trace.splitlines(keepends=True):
        event = json.loads(line)
        if event["type"] == "sagalab.run.started":
            name = event["data"]["case"]
        found[name] = found.get(name, b"") + line
    return found


def hashes(binary, threads):
    """"FILE#CASE [OPTIONS]" -> the hash of its trace."""
    found = {}
    for options in variants(binary):
        for name in files():
            result = traces.run(binary, name, "--format", "jsonl", "--threads", str(threads),
                                *options)
            if result.returncode not in ENDINGS:
                raise AssertionError(f"{name}: exit {result.returncode}\n{result.stderr.decode()}")
            for case, trace in cases(result.stdout).items():
                label = " ".join([f"{name}#{case}", *options])
                found[label] = hashlib.sha256(trace).hexdigest()
    return found


def approved():
    if not APPROVED.exists():
        return {}
    lines = APPROVED.read_text(encoding="utf-8").splitlines()
    return dict(line.rsplit(" ", 1) for line in lines)


def differences(wanted, found):
    """One line each: what has another hash, what is missing, what nobody approved."""
    for label in sorted(wanted.keys() | found.keys()):
        if label not in found:
            yield f"{label}: approved, but there is no such case"
        elif label not in wanted:
            yield f"{label}: not approved yet"
        elif wanted[label] != found[label]:
            yield f"{label}: another trace"


class Hashes(unittest.TestCase):
    def test_every_number_of_threads_leaves_the_approved_traces(self):
        if traces.UPDATE:
            found = hashes(traces.BINARY, traces.THREADS[0])
            lines = (f"{label} {found[label]}\n" for label in sorted(found))
            APPROVED.write_text("".join(lines), encoding="utf-8")
        wanted = approved()
        self.assertTrue(wanted, f"{APPROVED} has no hash: run with SAGALAB_UPDATE=1")
        for threads in traces.THREADS:
            with self.subTest(threads=threads):
                wrong = list(differences(wanted, hashes(traces.BINARY, threads)))
                if wrong:
                    self.fail("\n".join([f"{APPROVED} differs with {threads} threads", *wrong,
                                         "if that is meant: SAGALAB_UPDATE=1, then read the "
                                         "diffs here and in golden/"]))


if __name__ == "__main__":
    if not traces.BINARY:
        print("skipped: SAGALAB does not name the binary")
        sys.exit(77)
    unittest.main()
