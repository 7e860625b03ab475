#!/usr/bin/env python3
"""Every lesson leaves the trace and tells the story that somebody has read and approved.

    SAGALAB_UPDATE=1 ctest --test-dir build/test -R golden    accept new ones (then read the diff)

NAME.jsonl is the trace of every case of scenarios/NAME.json, byte by byte, whatever the number of
threads, NAME.txt the story; where one is long, its SHA-256 stands for it.
"""

import hashlib
import sys
import unittest
from pathlib import Path

GOLDEN = Path(__file__).resolve().parent
sys.path.insert(0, str(GOLDEN.parent))

from support.traces import (BINARY, PLAIN, SCENARIOS, THREADS, UPDATE, first_difference, run)

LONG = 48_000  # bytes

# A place where much is different.
ELSEWHERE = {**PLAIN, "TZ": "Pacific/Auckland", "LC_ALL": "de_DE.UTF-8", "HOME": "/nowhere",
             "USER": "somebody", "COLUMNS": "40"}

SUFFIXES = (".jsonl", ".jsonl.sha256", ".txt", ".txt.sha256")


def lessons():
    return sorted(path.stem for path in SCENARIOS.glob("*.json") if path.stem[0].isdigit())


def output(name, *options, env=None):
    result = run(BINARY, f"{name}.json", *options, env=env)
    if result.returncode != 0:
        raise AssertionError(f"{name}: exit {result.returncode}\n"
                             + (result.stderr or result.stdout).decode())
    return result.stdout


class Golden(unittest.TestCase):
    maxDiff = None

    def approved(self, file_name, received):
        path = GOLDEN / file_name
        if UPDATE:
            path.write_bytes(received)
            return
        self.assertTrue(path.exists(), f"{path} is missing: run with SAGALAB_UPDATE=1")
        approved = path.read_bytes()
        if approved != received:
            self.fail(f"{path} differs, {first_difference(approved, received)}\n"
                      "if that is meant: SAGALAB_UPDATE=1, then read the diff")

    def approved_or_its_hash(self, file_name, received):
        if len(received) <= LONG:
            self.approved(file_name, received)
            return
        digest = f"{hashlib.sha256(received).hexdigest()}  {received.count(10)} lines\n"
        self.approved(f"{file_name}.sha256", digest.encode())

    def test_traces(self):
        for name in lessons():
            with self.subTest(scenario=name):
                trace = output(name, "--format", "jsonl", "--threads", str(THREADS[0]))
                for threads in THREADS[1:]:
                    other = output(name, "--format", "jsonl", "--threads", str(threads))
                    if other != trace:
                        self.fail(f"{threads} threads differ from {THREADS[0]}, "
                                  + first_difference(trace, other, ("one", "other")))
                self.approved_or_its_hash(f"{name}.jsonl", trace)

    def test_stories(self):
        for name in lessons():
            with self.subTest(scenario=name):
                self.approved_or_its_hash(f"{name}.txt", output(name))

    def test_nothing_of_this_machine_is_in_a_trace(self):
        for name in lessons():
            trace = output(name, "--format", "jsonl")
            self.assertNotIn(str(SCENARIOS).encode(), trace, f"a path is in the trace of {name}")
            self.assertEqual(trace, output(name, "--format", "jsonl", env=ELSEWHERE), name)

    def test_no_file_is_left_over(self):
        def stem(file_name):
            return next((file_name[:-len(suffix)] for suffix in SUFFIXES
                         if file_name.endswith(suffix)), None)
        for path in sorted(GOLDEN.iterdir()):
            name = stem(path.name)
            if not name or not name[0].isdigit():
                continue
            long = (GOLDEN / f"{path.name}.sha256").exists()
            stale = name not in lessons() or long
            if stale and UPDATE:
                path.unlink()
            self.assertFalse(stale and not UPDATE, f"{path} belongs to no scenario")


if __name__ == "__main__":
    if not BINARY:
        print("skipped: SAGALAB does not name the binary")
        sys.exit(77)
    unittest.main()
