"""What goes to standard output, to standard error, into files, and what ends it early."""

import json
import os
import signal
import subprocess
import time

from support import BINARY, Cli, main, scenario


class Streams(Cli):
    def test_results_on_stdout_diagnostics_on_stderr(self):
        self.assertEqual(self.succeeds("run", "good.json").stderr, "")
        bad = self.sagalab("check", "bad.json", "good.json")
        self.assertEqual(bad.stdout, "good.json: ok (1 case)\n")
        self.assertRegex(bad.stderr, r"(?m)^bad\.json:\d+:\d+: error: ")

    def test_stdin_is_a_dash(self):
        text = self.read("good.json")
        self.assertEqual(self.succeeds("check", "-", input=text).stdout, "<stdin>: ok (1 case)\n")
        bad = self.sagalab("check", "-", input="{")
        self.assertEqual(bad.returncode, 2)
        self.assertRegex(bad.stderr, r"(?m)^<stdin>:\d+:\d+: error: ")
        self.assertIn("only once", self.usage_error("check", "-", "-", input=text))

    def test_quiet_says_only_what_went_wrong(self):
        result = self.succeeds("run", "-q", "good.json")
        self.assertEqual(result.stdout + result.stderr, "")
        self.assertIn("BROKE", self.sagalab("run", "-q", "broken.json").stdout)
        self.assertEqual(self.succeeds("check", "-q", "good.json").stdout, "")

    def test_dead_letters_are_noticed(self):
        dead = scenario("One order")
        dead["services"]["MailService"]["on"]["OrderCreated"] = [{"fail": "NoMail"}]
        self.write("dead.json", dead)
        warning = "warning: 1 dead letter, and no expectation reads deadLetters\n"
        for form in ["text", "none"]:
            out = self.succeeds("run", "dead.json", "-f", form).stdout
            self.assertRegex(out, r"(?m)holds: 1 of 1 expectation, .*, 1 dead letter$")
            self.assertTrue(out.endswith(warning), out)
        self.assertTrue(self.succeeds("run", "dead.json", "-f", "jsonl").stderr.endswith(warning))
        dead["expect"]["finally"]["the mail was given up"] = "size(deadLetters) == 1"
        self.write("dead.json", dead)
        self.assertNotIn("warning", self.succeeds("run", "dead.json").stdout)

    def test_format_none_is_the_verdict(self):
        self.assertRegex(self.succeeds("run", "good.json", "--format", "none").stdout,
                         r"^good\.json: holds: 1 of 1 expectation, .*\n$")

    def test_a_failure_ends_with_its_command(self):
        for form in ["text", "none"]:
            out = self.sagalab("run", "cases.json", "--case", "it's second", "--seed", "7",
                               "--format", form).stdout
            last = out.splitlines()[-1]
            self.assertEqual(last, "sagalab run cases.json --case 'it'\\''s second' --seed 7")
            again = subprocess.run(last.replace("sagalab", BINARY, 1), shell=True, check=False,
                                   cwd=self.folder, capture_output=True, timeout=60)
            self.assertEqual(again.returncode, 1)

    def test_write_errors_are_noticed(self):
        for words in [["--help"], ["run", "good.json"], ["check", "good.json"],
                      ["completions", "bash"], ["run", "good.json", "-f", "jsonl"]]:
            with self.subTest(words=words), open("/dev/full", "w", encoding="utf-8") as full:
                result = self.sagalab(*words, stdout=full, stderr=subprocess.PIPE)
                self.assertEqual(result.returncode, 2)
                self.assertIn("No space left on device", result.stderr)

    def test_a_broken_pipe_is_quiet(self):
        script = (f"'{BINARY}' run long.json -f jsonl | head -n 1 >/dev/null; "
                  "echo ${PIPESTATUS[0]}")
        result = subprocess.run(["bash", "-c", script], cwd=self.folder, text=True, timeout=60,
                                capture_output=True, check=False)
        self.assertEqual(result.stderr, "")
        self.assertIn(result.stdout.strip(), ["0", "141"])

    def test_closed_standard_output(self):
        result = subprocess.run(["sh", "-c", f"'{BINARY}' run good.json >&-"], cwd=self.folder,
                                text=True, capture_output=True, check=False, timeout=60)
        self.assertEqual(result.returncode, 2)
        self.assertIn("cannot write to standard output", result.stderr)

    def test_output_does_not_depend_on_the_locale(self):
        plain = self.succeeds("run", "good.json").stdout
        env = self.environment(LC_ALL="de_DE.UTF-8", LANG="tr_TR.UTF-8")
        self.assertEqual(plain, self.succeeds("run", "good.json", env=env).stdout)


class OutputFile(Cli):
    def test_the_file_and_the_verdict(self):
        result = self.succeeds("run", "good.json", "-f", "jsonl", "-o", "trace.jsonl")
        self.assertIn("holds", result.stdout)
        self.assertEqual(self.read("trace.jsonl"),
                         self.succeeds("run", "good.json", "-f", "jsonl").stdout)

    def test_dash_is_stdout(self):
        self.assertEqual(self.succeeds("run", "good.json", "-o", "-").stdout,
                         self.succeeds("run", "good.json").stdout)

    def test_no_input_is_overwritten(self):
        before = self.read("good.json")
        os.symlink("good.json", os.path.join(self.folder, "link.json"))
        for name in ["good.json", "link.json", "./good.json"]:
            result = self.sagalab("run", "good.json", "-o", name)
            self.assertEqual(result.returncode, 2)
            self.assertIn("is an input file", result.stderr)
        with open(os.path.join(self.folder, "good.json"), encoding="utf-8") as file:
            self.assertEqual(self.sagalab("run", "-", "-o", "good.json",
                                          stdin=file).returncode, 2)
        self.assertEqual(self.read("good.json"), before)

    def test_never_half_a_file(self):
        self.write("out.txt", "kept")
        before = sorted(os.listdir(self.folder))
        self.assertEqual(self.sagalab("run", "bad.json", "-o", "out.txt").returncode, 2)
        self.assertEqual(self.read("out.txt"), '"kept"')
        limited = f"ulimit -f 1; exec '{BINARY}' run long.json -f jsonl -o out.txt"
        result = subprocess.run(["bash", "-c", limited], cwd=self.folder, capture_output=True,
                                text=True, check=False, timeout=60)
        self.assertEqual(result.returncode, 2)
        self.assertIn('cannot write "out.txt": File too large', result.stderr)
        self.assertEqual(self.read("out.txt"), '"kept"')
        self.assertEqual(sorted(os.listdir(self.folder)), before)

    def test_devices_are_written_not_replaced(self):
        result = self.sagalab("run", "good.json", "-o", "/dev/full")
        self.assertEqual(result.returncode, 2)
        self.assertIn('cannot write "/dev/full"', result.stderr)
        self.succeeds("run", "good.json", "-o", "/dev/null")

    def test_rights_are_those_of_any_new_file(self):
        self.succeeds("run", "good.json", "-o", "out.txt")
        with open(os.path.join(self.folder, "mine"), "w", encoding="utf-8"):
            pass
        rights = [os.stat(os.path.join(self.folder, n)).st_mode for n in ("out.txt", "mine")]
        self.assertEqual(rights[0], rights[1])


class Trace(Cli):
    def test_lines_are_json_and_framed(self):
        lines = self.succeeds("run", "good.json", "-f", "jsonl").stdout.splitlines()
        events = [json.loads(line) for line in lines]
        self.assertEqual(events[0]["type"], "sagalab.run.started")
        self.assertEqual(events[-1]["type"], "sagalab.run.finished")
        self.assertEqual([e["sequence"] for e in events], sorted(e["sequence"] for e in events))
        keys = [(e["source"], e["id"]) for e in events]
        self.assertEqual(len(keys), len(set(keys)))
        for event in events:
            for name in event:
                self.assertRegex(name, r"^[a-z0-9]{1,20}$")
            self.assertRegex(event["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$")

    def test_causes_are_lines(self):
        lines = self.succeeds("run", "good.json", "-f", "jsonl").stdout.splitlines()
        events = [json.loads(line) for line in lines]
        ids = {event["id"] for event in events}
        for event in events:
            if event["type"] == "sagalab.message.delivered" and "client" not in event["source"]:
                self.assertIn(event["causationid"], ids)

    def test_ids_are_unique_over_cases(self):
        lines = self.sagalab("run", "cases.json", "-f", "jsonl").stdout.splitlines()
        keys = [(json.loads(line)["source"], json.loads(line)["id"]) for line in lines]
        self.assertEqual(len(keys), len(set(keys)))

    def test_threads_leave_no_mark(self):
        traces = {self.succeeds("run", "long.json", "-f", "jsonl", "--threads", n).stdout
                  for n in ("1", "2", "8")}
        self.assertEqual(len(traces), 1)

    def test_determinism_is_checked(self):
        result = self.succeeds("run", "good.json", "--check-determinism", "-f", "none")
        self.assertIn("deterministic, 1 and 8 threads left the same", result.stdout)
        result = self.succeeds("run", "good.json", "--check-determinism", "--threads", "3")
        self.assertIn("3 and 4 threads", result.stdout)


class Interrupt(Cli):
    def started(self, *words):
        process = subprocess.Popen([BINARY, "run", "long.json", "--pace", "1x", *words],
                                   cwd=self.folder, stdout=subprocess.PIPE, text=True,
                                   stderr=subprocess.PIPE, env=self.environment())
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.kill)
        return process

    def test_the_report_so_far(self):
        process = self.started()
        for line in process.stdout:
            if "CreateOrder" in line:
                break
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
        self.assertEqual(process.wait(30), 130)
        self.assertIn("interrupted, the report so far", rest)

    def test_the_file_is_whole(self):
        process = self.started("-f", "jsonl", "-o", "trace.jsonl")
        time.sleep(0.7)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(30), 130)
        last = json.loads(self.read("trace.jsonl").splitlines()[-1])
        self.assertEqual(last["data"]["verdict"], "interrupted")


if __name__ == "__main__":
    main()
