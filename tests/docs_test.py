#!/usr/bin/env python3
"""What the documentation shows is what happens.

    SAGALAB_UPDATE=1 ctest --test-dir build/test -R docs    rewrite outputs and values

In every .md file of the repository these blocks are run, from top to bottom:

    ```console     commands after "$ ", each with the output that follows it, in the root folder,
                   or in the one that a comment before the block says: <!-- in: scenarios -->
    ```json        a whole scenario is checked. Others are merged into the scenario before them
                   (objects that begin with a key of the file) or are steps of a handler
                   ("json saga": of a saga), and then checked.
    ```cel         EXPRESSION => VALUE, by `sagalab eval`; names are those of the last line
                   "with {...}"

A comment <!-- file: NAME --> before a whole scenario writes it, <!-- add to: NAME --> before
another block merges it into that file; commands find it with <!-- in: files -->. Links must lead
somewhere.
"""

import copy
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BINARY = os.path.abspath(os.environ["SAGALAB"]) if os.environ.get("SAGALAB") else None
UPDATE = os.environ.get("SAGALAB_UPDATE") == "1"

FENCE = re.compile(r"^```([a-z]+)(?: ([a-z]+))?\n(.*?)^```$", re.M | re.S)
COMMENT = re.compile(r"<!-- (in|file|add to): (\S+) -->\n\n?$")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
CODE_PATH = re.compile(r"`([\w./-]+\.(?:h|cpp|md|py|json|sh|txt|in))`")

TOP = {"params", "services", "bus", "network", "policies", "workload", "faults", "expect", "cases",
       "explore", "seed", "limits", "include"}

# Lints that are not meant where an example shows a part: what it shows is used elsewhere.
PARTIAL = ["unheard-event", "unsent-event", "unwritten-field", "never-called"]


def documents():
    """All but what a build or another tool left."""
    for path in sorted(ROOT.rglob("*.md")):
        parts = path.relative_to(ROOT).parts
        if parts[0] != "build" and not any(part.startswith(".") for part in parts):
            yield path


def merged(target, patch):
    """A JSON Merge Patch, as cases are merged; lists of the file are appended to."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


def step_scenario(base, steps, in_saga):
    """The base scenario with a handler, or a saga, that does these steps."""
    scenario = copy.deepcopy(base)
    service = scenario["services"]["OrderService"]
    if in_saga:
        service.setdefault("sagas", {})["Try"] = {"id": "msg.orderId", "steps": steps}
    else:
        service.setdefault("api", {})["Try"] = steps
    return scenario


class Document:
    def __init__(self, path, folder, environment):
        self.path, self.folder, self.environment = path, Path(folder), environment
        self.text = path.read_text(encoding="utf-8")
        self.base = None    # the last whole scenario, with what was added
        self.written = ""   # its text
        self.names = {}
        self.failures = []

    def check(self):
        text = FENCE.sub(self.block, self.text)
        if UPDATE and text != self.text:
            self.path.write_text(text, encoding="utf-8")
        return self.failures

    def fail(self, match, message):
        line = self.text.count("\n", 0, match.start()) + 1
        self.failures.append(f"{self.path.relative_to(ROOT)}:{line}: {message}")

    def block(self, match):
        kind, variant, body = match.groups()
        comment = COMMENT.search(self.text, 0, match.start())
        said = dict([comment.groups()]) if comment else {}
        if kind == "console":
            body = self.console(match, body, said.get("in", "."))
        elif kind == "json":
            self.json(match, variant, body, said)
        elif kind == "cel":
            body = self.cel(match, body)
        head = kind + (f" {variant}" if variant else "")
        return f"```{head}\n{body}```"

    def run(self, command, folder):
        return subprocess.run(["bash", "-c", command], cwd=folder, env=self.environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60,
                              stdin=subprocess.DEVNULL, check=False).stdout

    def console(self, match, body, where):
        folder = self.folder if where == "files" else ROOT / where
        out = ""
        for part in filter(None, re.split(r"^(?=\$ )", body, flags=re.M)):
            lines = part.splitlines(keepends=True)
            command = 1
            while lines[command - 1].endswith("\\\n"):
                command += 1
            written, shown = "".join(lines[:command]), "".join(lines[command:])
            received = self.run(written[2:], folder)
            if received and not received.endswith("\n"):
                received += "\n"
            if received != shown and not UPDATE:
                self.fail(match, f"{written.strip()}\n--- shown\n{shown}--- printed\n{received}---")
            out += written + received
        return out

    def json(self, match, variant, body, said):
        try:
            value = json.loads(body)
        except ValueError as error:
            self.fail(match, f"no JSON: {error}")
            return
        if isinstance(value, dict) and "scenario" in value:
            scenario = self.base = value
        elif isinstance(value, dict) and TOP & set(value):
            scenario = merged(self.base, value)
        else:
            steps = value if isinstance(value, list) else [value]
            scenario = step_scenario(self.base, steps, variant == "saga")
        name = said.get("file") or said.get("add to") or "example.json"
        if "add to" in said:
            self.base = scenario
        if scenario is not self.base:  # a part of something
            scenario.setdefault("allow", PARTIAL)
        # As a reader has it, so that positions in later messages are right.
        if scenario is value:
            whole = body
        elif "add to" in said and not set(value) & set(json.loads(self.written)):
            whole = f"{self.written.rstrip()[:-1].rstrip()},\n{body.lstrip()[1:].lstrip(chr(10))}"
        else:
            whole = json.dumps(scenario, indent=2)
        if scenario is self.base:
            self.written = whole
        (self.folder / name).write_text(whole, encoding="utf-8")
        printed = self.run(f"sagalab check --strict {name}", self.folder)
        if not re.fullmatch(rf"{re.escape(name)}: ok \(\d+ cases?\)\n", printed):
            self.fail(match, f"this example is refused:\n{printed}")

    def cel(self, match, body):
        out = []
        for line in body.splitlines():
            if line.startswith("with "):
                self.names = json.loads(line[5:])
            elif " => " in line:
                expression, shown = [part.strip() for part in line.split(" => ", 1)]
                request = json.dumps({"expr": expression, "with": self.names})
                answer = json.loads(subprocess.run(
                    [BINARY, "eval", "--batch"], input=request + "\n", capture_output=True,
                    text=True, timeout=60, check=False).stdout)
                received = (f"error: {answer['error']}" if "error" in answer
                            else json.dumps(answer["value"], ensure_ascii=False))
                if received != shown and not UPDATE:
                    self.fail(match, f"{expression} is {received}, shown is {shown}")
                line = line[:line.index(" => ")] + f" => {received}"
            out.append(line + "\n")
        return "".join(out)


class Docs(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="sagalab-docs-")
        self.addCleanup(shutil.rmtree, self.folder)
        tools = Path(self.folder) / "bin"
        tools.mkdir()
        (tools / "sagalab").symlink_to(BINARY)
        kept = {key: value for key, value in os.environ.items()
                if key not in ("CLICOLOR_FORCE", "COLUMNS", "SAGALAB_UPDATE")}
        self.environment = {**kept, "LC_ALL": "C.UTF-8", "PATH": f"{tools}:{os.environ['PATH']}"}

    def test_every_block(self):
        blocks = 0
        for path in documents():
            files = tempfile.mkdtemp(dir=self.folder)
            document = Document(path, files, self.environment)
            blocks += len(FENCE.findall(document.text))
            with self.subTest(document=str(path.relative_to(ROOT))):
                failures = document.check()
                self.assertFalse(failures, "\n" + "\n\n".join(failures))
        self.assertGreater(blocks, 0)

    def test_links_and_paths_lead_somewhere(self):
        for path in documents():
            text = path.read_text(encoding="utf-8")
            with self.subTest(document=str(path.relative_to(ROOT))):
                for link in LINK.findall(text):
                    if "://" not in link:
                        self.assertTrue((path.parent / link).exists(), f"no file {link}")
                for name in CODE_PATH.findall(FENCE.sub("", text)):
                    if "/" in name and "NAME" not in name:
                        places = (path.parent, ROOT, ROOT / "src")
                        self.assertTrue(any((place / name).exists() for place in places),
                                        f"no file {name}")

    def test_ci_runs_the_tests_as_the_readme_says(self):
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
        command = "cmake --workflow --preset test"
        self.assertRegex(readme, rf"(?m)^{command}$")
        self.assertRegex(ci, rf"(?m)^{command}( |$)")


if __name__ == "__main__":
    if not BINARY:
        print("skipped: SAGALAB does not name the binary")
        sys.exit(77)
    unittest.main()
