#!/usr/bin/env python3
"""Fuzzes the loader and expressions: builds the programs, makes their seeds and runs them.

    tests/fuzz/run.py                                  five minutes each, in build/fuzz
    tests/fuzz/run.py --seconds 600 --only fuzz_load

What was learned stays in build/fuzz/corpus for the next time. An input that ends a program is made
smaller and left in build/fuzz/found; one that is kept goes to tests/fuzz/regressions, where
regressions_test.py runs it for ever. Exits 1 if there was one.
"""

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
TARGETS = ("fuzz_load", "fuzz_expression")

# libFuzzer's limits for one input: what takes longer or more is found as if it had crashed.
LIMITS = ["-timeout=20", "-rss_limit_mb=2048", "-malloc_limit_mb=1024"]
LENGTHS = {"fuzz_load": 8192, "fuzz_expression": 512}

QUOTED = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
# Texts that are expressions or hold some.
EXPRESSION = re.compile(r"[.=<>!+(\[]|\$\{")


def strings(value):
    """Every string in a JSON value, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def scenario_files():
    yield from sorted((ROOT / "scenarios").rglob("*.json"))
    yield from sorted((ROOT / "tests" / "language" / "bad").glob("*.json"))


def regressions(target):
    suffix = ".json" if target == "fuzz_load" else ".cel"
    return sorted((ROOT / "tests" / "fuzz" / "regressions").glob(f"*{suffix}"))


def load_seeds():
    for path in scenario_files():
        yield path.read_bytes()
    # Scenarios quoted in tests and documents.
    for path in sorted((ROOT / "tests").rglob("*_test.cpp")):
        for text in re.findall(r'R"\((\{.*?\})\)"', path.read_text(encoding="utf-8"), re.S):
            yield text.encode()


def expression_seeds():
    for path in scenario_files():
        try:
            value = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            continue
        yield from (text.encode() for text in strings(value) if EXPRESSION.search(text))
    cases = ROOT / "tests" / "conformance" / "cel_cases.jsonl"
    for line in cases.read_text(encoding="utf-8").split("\n"):
        if line:
            case = json.loads(line)
            names = b"\0" + json.dumps(case["with"]).encode() if case["with"] else b""
            yield case["expr"].encode() + names


def words():
    """What the language is made of: every short literal of the sources that read it."""
    found = set()
    for path in sorted((ROOT / "src" / "language").glob("*.cpp")):
        if path.name.startswith(("shape_", "cel_check", "cel_lexer", "load_")):
            found |= set(QUOTED.findall(path.read_text(encoding="utf-8")))
    return sorted(word for word in found if re.fullmatch(r"[\w&|<>=!$]{1,24}", word))


def prepare(folder, target):
    """Seeds and dictionary, new each time."""
    seeds = folder / "seeds" / target
    seeds.mkdir(parents=True, exist_ok=True)
    made = load_seeds() if target == "fuzz_load" else expression_seeds()
    kept = (path.read_bytes() for path in regressions(target))
    for number, text in enumerate([*made, *kept]):
        (seeds / f"{number:04}").write_bytes(text)
    (folder / "words.dict").write_text("".join(f'"{word}"\n' for word in words()),
                                       encoding="utf-8")
    return seeds


def fuzz(folder, target, seconds):
    """The inputs that ended the program."""
    seeds = prepare(folder, target)
    corpus, found = folder / "corpus" / target, folder / "found"
    for path in (corpus, found):
        path.mkdir(parents=True, exist_ok=True)
    before = set(found.iterdir())
    program = folder / "tests" / "fuzz" / target
    subprocess.run([program, *LIMITS, f"-max_len={LENGTHS[target]}", f"-max_total_time={seconds}",
                    f"-dict={folder / 'words.dict'}", f"-artifact_prefix={found}/{target}-",
                    "-print_final_stats=1", "-print_funcs=0", corpus, seeds], check=False)
    return sorted(set(found.iterdir()) - before)


def smaller(folder, target, path):
    """The input again, as small as a minute makes it."""
    small = path.with_name(path.name + ".small")
    program = folder / "tests" / "fuzz" / target
    subprocess.run([program, *LIMITS, "-minimize_crash=1", "-max_total_time=60",
                    f"-exact_artifact_path={small}", path], check=False,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return small if small.exists() else path


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build-dir", type=Path, default=ROOT / "build" / "fuzz")
    parser.add_argument("--seconds", type=int, default=300, help="for each program")
    parser.add_argument("--only", action="append", choices=TARGETS)
    arguments = parser.parse_args()
    folder = arguments.build_dir.resolve()
    for command in (["cmake", "--preset", "fuzz", "-B", folder],
                    ["cmake", "--build", folder, "--target", *TARGETS]):
        if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
            return 2
    status = 0
    for target in arguments.only or TARGETS:
        for path in fuzz(folder, target, arguments.seconds):
            print(f"{target}: ended by {smaller(folder, target, path)}")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
