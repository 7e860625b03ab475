#!/usr/bin/env python3
"""The same traces from every build: {g++, clang++} x {Debug, Release, ASan} x {1, 2, 8} threads.

    tests/determinism/matrix.py                       builds in build/matrix, prints a table
    tests/determinism/matrix.py --build-dir DIR --only clang++-release

Each build runs every scenario as hashes_test.py does, and must leave the traces of hashes.txt.
Exits 1 if one does not, 2 if one cannot be built. A compiler that is not installed is an error:
a matrix with holes proves less than it says.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import hashes_test
from hashes_test import traces

COMPILERS = ("g++", "clang++")
TYPES = {
    "debug": ["-DCMAKE_BUILD_TYPE=Debug"],
    "release": ["-DCMAKE_BUILD_TYPE=Release", "-DSAGALAB_LTO=ON"],
    "asan": ["-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_CXX_FLAGS_DEBUG=-O1 -g1",
             "-DSAGALAB_SANITIZE=address,undefined"],
}


def variants():
    return {f"{compiler}-{kind}": (compiler, options)
            for kind, options in TYPES.items() for compiler in COMPILERS}


def build(folder, compiler, options, jobs):
    """The binary, or None and what the tools said last."""
    configure = ["cmake", "-S", traces.ROOT, "-B", folder, f"-DCMAKE_CXX_COMPILER={compiler}",
                 "-DBUILD_TESTING=OFF", *options]
    if shutil.which("ninja"):
        configure[1:1] = ["-G", "Ninja"]
    for command in (configure, ["cmake", "--build", folder, "--target", "sagalab-cli",
                                "--parallel", str(jobs)]):
        result = subprocess.run(command, text=True, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, check=False)
        if result.returncode != 0:
            return None, "\n".join(result.stdout.splitlines()[-20:])
    return folder / "sagalab", ""


def check(binary, threads, wanted):
    """A cell of the table, and what is wrong."""
    try:
        wrong = list(hashes_test.differences(wanted, hashes_test.hashes(binary, threads)))
    except (AssertionError, OSError, subprocess.SubprocessError) as error:
        return "failed", [str(error)]
    return f"{len(wrong)} differ" if wrong else "same", wrong


def row(name, cells):
    print(f"{name:<16}" + "".join(f"{cell:>12}" for cell in cells), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build-dir", type=Path, default=traces.ROOT / "build" / "matrix")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--only", action="append", choices=sorted(variants()))
    arguments = parser.parse_args()
    wanted = hashes_test.approved()
    trouble = []
    status = 0
    print(f"{len(wanted)} traces in {hashes_test.APPROVED.relative_to(traces.ROOT)}")
    row("", [*(f"{threads} threads" for threads in traces.THREADS), "seconds"])
    for name, (compiler, options) in variants().items():
        if arguments.only and name not in arguments.only:
            continue
        begin = time.monotonic()
        binary, said = build(arguments.build_dir.resolve() / name, compiler, options,
                             arguments.jobs)
        if not binary:
            row(name, ["not built"])
            trouble.append(f"{name}: not built\n{said}")
            status = 2
            continue
        cells = []
        for threads in traces.THREADS:
            cell, wrong = check(binary, threads, wanted)
            cells.append(cell)
            trouble += [f"{name}, {threads} threads: {line}" for line in wrong]
            status = max(status, 1 if wrong else 0)
        row(name, [*cells, f"{time.monotonic() - begin:.0f}"])
    for line in trouble:
        print(line)
    return status


if __name__ == "__main__":
    sys.exit(main())
