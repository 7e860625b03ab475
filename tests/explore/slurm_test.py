#!/usr/bin/env python3
"""src/explore/schedulers/slurm.sbatch on a Slurm of one node, started for this test: everything in
a folder of its own, on the loopback interface only, and ended with the test.
"""

import getpass
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from shards import SCHEDULERS, Scheduled, skip_without

SCRIPT = SCHEDULERS / "slurm.sbatch"

CONFIGURATION = """\
ClusterName=sagalab
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort={controller_port}
SlurmdPort={node_port}
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
CryptoType=crypto/munge
AuthInfo=socket={folder}/munge.socket
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
MpiDefault=none
ReturnToService=2
SchedulerParameters=sched_interval=1,sched_min_interval=0
NodeName=one NodeHostname=localhost NodeAddr=127.0.0.1 CPUs=4 RealMemory=64000 State=UNKNOWN
PartitionName=main Nodes=one Default=YES MaxTime=INFINITE State=UP
"""

SECONDS = 60  # until Slurm answers, and until a job array is done


def system_path():
    """Daemons are not in everybody's PATH."""
    return os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Slurm:
    """munged, slurmctld and slurmd; what they started ends with them."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="sagalab-slurm-"))
        self.daemons = []
        self.environment = {**os.environ, "PATH": system_path(),
                            "SLURM_CONF": str(self.folder / "slurm.conf")}

    def start(self):
        self.folder.chmod(0o755)
        for name in ("state", "spool"):
            (self.folder / name).mkdir()
        key = self.folder / "munge.key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o400)
        controller_port, node_port = free_ports(2)
        (self.folder / "slurm.conf").write_text(CONFIGURATION.format(
            folder=self.folder, user=getpass.getuser(), controller_port=controller_port,
            node_port=node_port), encoding="utf-8")
        self.daemon("munged", "--foreground", "--force", f"--key-file={key}",
                    f"--socket={self.folder}/munge.socket", f"--pid-file={self.folder}/munged.pid",
                    f"--log-file={self.folder}/munged.log", f"--seed-file={self.folder}/seed")
        self.wait_until((self.folder / "munge.socket").exists, "munged")
        self.daemon("slurmctld", "-D")
        self.daemon("slurmd", "-D", "-N", "one")
        self.wait_until(lambda: "idle" in self.ask("sinfo", "--noheader", "--format=%t"), "a node")

    def daemon(self, *command):
        log = (self.folder / f"{command[0]}.out").open("wb")
        with log:
            self.daemons.append(subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder,
                env=self.environment))

    def ask(self, *command):
        return subprocess.run(command, env=self.environment, stdin=subprocess.DEVNULL, text=True,
                              capture_output=True, timeout=SECONDS, check=False).stdout

    def wait_until(self, true, what):
        end = time.monotonic() + SECONDS
        while not true():
            dead = [one.args[0] for one in self.daemons if one.poll() is not None]
            if dead or time.monotonic() > end:
                logs = "".join(f"--- {log.name}\n{log.read_text(errors='replace')[-1500:]}"
                               for log in sorted(self.folder.glob("*.log"))
                               + sorted(self.folder.glob("*.out")))
                raise RuntimeError(f"{what} did not come up, ended: {dead}\n{logs}")
            time.sleep(0.1)

    def stop(self):
        if len(self.daemons) == 3:
            self.ask("scancel", "--full", "--state=RUNNING")
            self.ask("scancel", "--state=PENDING")
        for one in reversed(self.daemons):
            one.send_signal(signal.SIGTERM)
            try:
                one.wait(timeout=15)
            except subprocess.TimeoutExpired:
                one.kill()
                one.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class JobArray(Scheduled):
    @classmethod
    def setUpClass(cls):
        cls.slurm = Slurm()
        cls.addClassCleanup(cls.slurm.stop)
        cls.slurm.start()

    def submit(self, shards, *arguments, **environment):
        (self.folder / "reports").mkdir(exist_ok=True)
        return self.run_in_folder(
            ["sbatch", "--wait", f"--array=1-{shards}", SCRIPT, *arguments],
            timeout=2 * SECONDS, PATH=system_path(),
            SLURM_CONF=self.slurm.environment["SLURM_CONF"], **environment)

    def logs(self):
        return "".join(path.read_text(encoding="utf-8")
                       for path in (self.folder / "reports").glob("*.log"))

    def test_every_shard_once(self):
        result = self.submit(5, self.scenario, "--case", "it's \"one\" $HOME *")
        self.assertEqual(result.returncode, 0, result.stderr + self.logs())
        self.check_reports(5, self.scenario, "--case", "it's \"one\" $HOME *")

    def test_only_what_was_not_explored_fails(self):
        result = self.submit(4, self.scenario, STAND_IN_CODES="1:1 2:3 3:2")
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertEqual([report["shard"]["index"] for report in self.reports()], [1, 2, 4])
        self.assertIn("error: bad input", self.logs())

    def test_a_job_that_is_no_array(self):
        (self.folder / "reports").mkdir()
        result = self.run_in_folder(["sh", SCRIPT, self.scenario])
        self.assertEqual(result.returncode, 2)
        self.assertIn("job array", result.stderr)

    def test_the_real_program(self):
        binary = self.needs_real()
        code, verdict = self.explored_at_once("breaks")
        result = self.submit(3, self.scenario, "--case", "breaks", SAGALAB=binary)
        self.assertEqual(result.returncode, 0, result.stderr + self.logs())
        reports = sorted((self.folder / "reports").glob("shard-*.json"))
        merged = self.run_in_folder([binary, "merge", *reports])
        self.assertEqual(merged.returncode, code, merged.stderr)
        self.assertIn(verdict, merged.stdout)


if __name__ == "__main__":
    os.environ["PATH"] = system_path()
    skip_without("munged", "slurmctld", "slurmd", "sbatch", "scancel", "sinfo")
    unittest.main()
