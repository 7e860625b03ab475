"""What tests of traces share: running a scenario as it is run everywhere, and comparing two traces.

The binary's path is in the environment variable SAGALAB, the folder of the scenarios in
SAGALAB_SCENARIOS_DIR.
"""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SCENARIOS = Path(os.environ.get("SAGALAB_SCENARIOS_DIR", ROOT / "scenarios"))
BINARY = os.path.abspath(os.environ["SAGALAB"]) if os.environ.get("SAGALAB") else None
UPDATE = os.environ.get("SAGALAB_UPDATE") == "1"
THREADS = (1, 2, 8)


def told_apart(environment):
    """What a sanitizer finds must not end like an expectation that is broken, with 1."""
    names = ("ASAN_OPTIONS", "UBSAN_OPTIONS")
    return {**environment,
            **{name: ":".join(filter(None, [environment.get(name), "exitcode=99"]))
               for name in names}}


# Without what asks for colours or another width.
PLAIN = told_apart({key: value for key, value in os.environ.items()
                    if key not in ("CLICOLOR_FORCE", "COLUMNS", "NO_COLOR")})


def run(binary, file_name, *options, env=None):
    """Run from the folder of the scenarios: the trace names the file as it was given."""
    return subprocess.run([binary, "run", *options, file_name], cwd=SCENARIOS, timeout=120,
                          env=env or PLAIN, capture_output=True, check=False)


def first_difference(one, other, names=("approved", "received")):
    lines = zip(one.splitlines() + [b"(end)"], other.splitlines() + [b"(end)"])
    for number, pair in enumerate(lines, 1):
        if pair[0] != pair[1]:
            told = (f"\n  {name} {line.decode()}" for name, line in zip(names, pair))
            return f"line {number}" + "".join(told)
    return "the ends of lines"
