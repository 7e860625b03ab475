"""Colours, and the completion of words in shells."""

import os
import pty
import re
import select
import shutil
import subprocess

from support import BINARY, COMMANDS, Cli, main, scenario


class Color(Cli):
    def on_terminal(self, *words, env=None):
        """Both streams on a terminal of their own: (stdout, stderr)."""
        out, out_end = pty.openpty()
        err, err_end = pty.openpty()
        process = subprocess.Popen([BINARY, *words], cwd=self.folder, stdin=subprocess.DEVNULL,
                                   stdout=out_end, stderr=err_end, env=env or self.environment())
        os.close(out_end)
        os.close(err_end)
        texts = {out: b"", err: b""}
        open_ends = [out, err]
        while open_ends:
            for end in select.select(open_ends, [], [], 30)[0]:
                try:
                    piece = os.read(end, 65536)
                except OSError:
                    piece = b""
                texts[end] += piece
                if not piece:
                    open_ends.remove(end)
                    os.close(end)
        process.wait(30)
        return texts[out].decode(), texts[err].decode()

    def test_only_on_a_terminal(self):
        self.assertIn("\x1b[", self.on_terminal("run", "good.json")[0])
        self.assertNotIn("\x1b[", self.succeeds("run", "good.json").stdout)

    def test_environment(self):
        for more, colored in [({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True),
                              ({"TERM": "dumb"}, False)]:
            out = self.on_terminal("run", "good.json", env=self.environment(**more))[0]
            self.assertEqual("\x1b[" in out, colored, more)
        for more, colored in [({"CLICOLOR_FORCE": "1"}, True), ({"CLICOLOR_FORCE": "0"}, False),
                              ({"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}, False)]:
            out = self.succeeds("run", "good.json", env=self.environment(**more)).stdout
            self.assertEqual("\x1b[" in out, colored, more)

    def test_the_option_beats_the_environment(self):
        env = self.environment(NO_COLOR="1")
        self.assertIn("\x1b[", self.succeeds("run", "--color=always", "good.json", env=env).stdout)
        self.assertNotIn("\x1b[", self.on_terminal("run", "--color=never", "good.json")[0])

    def test_standard_error_is_judged_by_itself(self):
        self.assertIn("\x1b[", self.on_terminal("run", "bad.json")[1])
        out, out_end = pty.openpty()
        result = subprocess.run([BINARY, "run", "bad.json"], cwd=self.folder, stdout=out_end,
                                stderr=subprocess.PIPE, text=True, env=self.environment(),
                                check=False, timeout=60)
        os.close(out_end)
        os.close(out)
        self.assertNotIn("\x1b[", result.stderr)

    def test_a_file_has_no_color(self):
        self.on_terminal("run", "good.json", "-o", "out.txt")
        self.assertNotIn("\x1b[", self.read("out.txt"))

    def test_files_cannot_steer_the_terminal(self):
        self.write("evil.json", scenario("title \u001b[2J\u009b31m"))
        out = self.succeeds("run", "evil.json").stdout
        self.assertNotRegex(out, "[\x00-\x09\x0b-\x1f\x7f-\x9f]")


class Completions(Cli):
    def complete(self, *words):
        script = self.succeeds("completions", "bash").stdout
        quoted = " ".join("'" + word + "'" for word in words)
        run = (f"{script}\nCOMP_WORDS=(sagalab {quoted}); COMP_CWORD={len(words)}; _sagalab; "
               'printf "%s\\n" "${COMPREPLY[@]}"')
        return subprocess.run(["bash", "-c", run], cwd=self.folder, text=True, check=True,
                              capture_output=True, timeout=60).stdout.split("\n")[:-1]

    def test_bash(self):
        self.assertEqual(self.complete("ru"), ["run"])
        self.assertEqual(self.complete("run", "--form"), ["--format"])
        self.assertEqual(self.complete("run", "--format", "j"), ["jsonl"])
        self.assertEqual(self.complete("run", "good"), ["good.json"])
        self.assertEqual(self.complete("completions", "f"), ["fish"])
        self.assertEqual(self.complete("help", "ev"), ["eval"])

    def test_bash_keeps_names_with_spaces(self):
        self.write("two words.json", {})
        self.assertEqual(self.complete("run", "two"), ["two words.json"])

    def test_every_option_is_in_every_script(self):
        scripts = [self.succeeds("completions", shell).stdout for shell in ("bash", "zsh", "fish")]
        for command in COMMANDS:
            page = self.succeeds(command, "--help").stdout
            for option in re.findall(r"(?m)^  (?:-\w, |    )--([a-z-]+)", page):
                self.assertIn("--" + option, scripts[0])
                self.assertIn("--" + option, scripts[1])
                self.assertIn("-l " + option, scripts[2])

    def test_syntax(self):
        for shell in ("bash", "zsh", "fish"):
            if shutil.which(shell):
                script = self.succeeds("completions", shell).stdout
                subprocess.run([shell, "-n"], input=script, text=True, check=True, timeout=60)

    def test_unknown_shell(self):
        self.assertIn("bash, zsh, fish", self.usage_error("completions", "tcsh"))


if __name__ == "__main__":
    main()
