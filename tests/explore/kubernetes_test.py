#!/usr/bin/env python3
"""src/explore/schedulers/kubernetes.yaml is a Job that a cluster takes, and its pods explore every
shard once.

No cluster is needed: the manifest is held against ../formats/kubernetes-job.schema.json, and the
command of its container is run here for each index. Where the published types of Kubernetes are
installed, they are asked as well:

    npm install --ignore-scripts --prefix build/kubernetes kubernetes-models@5.1.0

(or where SAGALAB_NODE_MODULES says).
"""

import copy
import json
import os
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

from shards import ROOT, SCHEDULERS, Scheduled

try:
    import jsonschema
    import yaml
except ImportError as error:
    print(f"skipped: {error} (python3-jsonschema, python3-yaml)")
    sys.exit(77)

MANIFEST = SCHEDULERS / "kubernetes.yaml"
SCHEMA = ROOT / "tests" / "formats" / "kubernetes-job.schema.json"
MODULES = Path(os.environ.get("SAGALAB_NODE_MODULES", ROOT / "build/kubernetes/node_modules"))

ASK_PUBLISHED_TYPES = """\
import { Job } from 'kubernetes-models/batch/v1';
new Job(JSON.parse(process.argv[1])).validate();
"""


def manifest():
    return yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))


def pod(job):
    return job["spec"]["template"]["spec"]


def changed(path, value):
    """The manifest with one thing changed: `path` leads to it."""
    job = manifest()
    place = job
    for key in path[:-1]:
        place = place[key]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return job


POD = ("spec", "template", "spec")
CONTAINER = (*POD, "containers", 0)
BROKEN = [
    changed(("apiVersion",), "batch/v2"),
    changed(("spec", "completions"), "8"),
    changed(("spec", "completion"), 8),
    changed(("spec", "completionMode"), "NonIndexed"),
    changed((*POD, "restartPolicy"), None),
    changed((*POD, "restartPolicy"), "Always"),
    changed((*CONTAINER, "image"), None),
    changed((*CONTAINER, "name"), "Explore"),
    changed((*CONTAINER, "command"), "sh"),
    changed((*CONTAINER, "env", 0, "value"), 8),
    changed((*CONTAINER, "resources", "limits", "memory"), "4GB"),
    changed((*CONTAINER, "volumeMounts", 0, "path"), "/scenario"),
    changed((*POD, "volumes", 0, "configMap"), None),
]


class Manifest(unittest.TestCase):
    def setUp(self):
        schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
        jsonschema.Draft7Validator.check_schema(schema)
        self.schema = jsonschema.Draft7Validator(schema)

    def test_is_a_job(self):
        self.assertEqual([f"{list(error.path)}: {error.message}"
                          for error in self.schema.iter_errors(manifest())], [])

    def test_what_is_no_job_is_refused(self):
        for job in BROKEN:
            self.assertFalse(self.schema.is_valid(job), json.dumps(job))

    def test_the_published_types_agree(self):
        if not shutil.which("node") or not (MODULES / "kubernetes-models").exists():
            self.skipTest(f"no Node, or kubernetes-models is not in {MODULES}")

        def ask(job):
            return subprocess.run(
                ["node", "--input-type=module", "-e", ASK_PUBLISHED_TYPES, json.dumps(job)],
                cwd=MODULES.parent, text=True, capture_output=True, timeout=60, check=False)
        self.assertEqual(ask(manifest()).returncode, 0, ask(manifest()).stderr)
        self.assertIn("must be integer", ask(BROKEN[1]).stderr)

    def test_as_many_pods_as_shards(self):
        job = manifest()
        shards = {one["name"]: one["value"] for one in pod(job)["containers"][0]["env"]}["SHARDS"]
        self.assertEqual(str(job["spec"]["completions"]), shards)
        self.assertLessEqual(job["spec"]["parallelism"], job["spec"]["completions"])

    def test_the_scenario_is_where_it_is_looked_for(self):
        container = pod(manifest())["containers"][0]
        mount = container["volumeMounts"][0]
        self.assertEqual(container["args"][0], f"{mount['mountPath']}/scenario.json")
        self.assertEqual(mount["name"], pod(manifest())["volumes"][0]["name"])


class Pods(Scheduled):
    def pod(self, index, **environment):
        """What the container of one index does, with its paths in this test's folder."""
        container = copy.deepcopy(pod(manifest())["containers"][0])
        self.assertIn("/dev/termination-log", container["command"][2])
        container["command"][2] = container["command"][2].replace("/dev/termination-log", "errors")
        variables = {one["name"]: one["value"] for one in container["env"]}
        return self.run_in_folder(
            container["command"] + container["args"], **variables, **environment,
            JOB_COMPLETION_INDEX=str(index), PATH=f"{self.folder}:{os.environ['PATH']}")

    def test_every_shard_once(self):
        shards = manifest()["spec"]["completions"]
        reports = []
        for index in range(shards):
            result = self.pod(index)
            self.assertEqual(result.returncode, 0, result.stderr)
            reports.append(json.loads(result.stdout))
        self.assertEqual([report["shard"] for report in reports],
                         [{"index": i, "of": shards} for i in range(1, shards + 1)])
        self.assertEqual(reports[0]["arguments"][:3],
                         ["/scenario/scenario.json", "--format", "json"])

    def test_only_what_was_not_explored_fails(self):
        for code, expected in ((0, 0), (1, 0), (2, 2), (3, 0)):
            result = self.pod(0, STAND_IN_CODES=f"1:{code}")
            self.assertEqual((result.returncode, result.stderr), (expected, ""))
        self.pod(0, STAND_IN_CODES="1:2")
        self.assertIn("bad input", (self.folder / "errors").read_text(encoding="utf-8"))

    def test_the_real_program_takes_these_options(self):
        """`check` is not enough: what the shard is called with must be an exploration."""
        binary = self.needs_real()
        options = self.pod(0)
        arguments = json.loads(options.stdout)["arguments"]
        arguments[0] = str(self.scenario)
        result = self.run_in_folder([binary, "explore", *arguments, "--case", "holds"])
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(json.loads(result.stdout)["shard"], {"index": 1, "of": 8})


if __name__ == "__main__":
    unittest.main()
