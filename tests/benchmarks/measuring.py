"""What the benchmarks share: a process from start to end, with its times and its memory."""

import os
import re
import statistics
import subprocess
import tempfile
import time
from pathlib import Path


class Sample:
    """One process from start to end; its errors go into its output unless `stderr` says where."""

    def __init__(self, command, stdin=os.devnull, cwd=None, stderr=subprocess.STDOUT):
        with tempfile.TemporaryFile() as output, open(stdin, "rb") as source:
            begin = time.monotonic()
            process = subprocess.Popen(command, stdin=source, stdout=output,
                                       stderr=stderr, cwd=cwd)
            _, status, usage = os.wait4(process.pid, 0)
            self.wall = time.monotonic() - begin
            process.returncode = os.waitstatus_to_exitcode(status)
            self.code = process.returncode
            output.seek(0)
            self.output = output.read().decode(errors="replace")
        self.user = usage.ru_utime
        self.system = usage.ru_stime
        self.memory_mb = usage.ru_maxrss / 1024


class Failed(Exception):
    pass


def measure(commands, rounds, stdin=os.devnull):
    """Runs the commands in turn, `rounds` times; the samples by name."""
    samples = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            sample = Sample(command, stdin)
            if sample.code != 0:
                tail = "\n".join(sample.output.splitlines()[-15:])
                raise Failed(f"{' '.join(map(str, command))}: exit code {sample.code}\n{tail}")
            samples[name].append(sample)
    return samples


def median(samples, what):
    return statistics.median(getattr(sample, what) for sample in samples)


def machine():
    try:
        model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text()).group(1)
    except (OSError, AttributeError):
        model = os.uname().machine
    return f"{os.cpu_count()} x {model}, Linux {os.uname().release}"
