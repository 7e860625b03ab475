#!/usr/bin/env python3
"""Keeps what a compiler does not: the layers, determinism and the shape of the code.

    tests/tidy/tidy_test.py            checks the rules on bad snippets, then src/ and tests/

Complaints are `file:line: error: text`. A rule that something must break is broken in ALLOWED,
with the reason. The rules are by text, with comments and strings taken out; nothing is parsed.
"""

import fnmatch
import re
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

Complaint = namedtuple("Complaint", "path line rule text")

# (rule, file pattern, what the line must contain or "", reason)
ALLOWED = [
    ("function length", "src/world/execute*.cpp", "execute", "the switch of instructions"),
    ("function length", "src/program/eval.cpp", "execute", "the switch of expression codes"),
    ("float", "src/language/json*", "number_float", "the JSON library's interface; refused"),
]

# ---- The layers ----------------------------------------------------------------------------------

BELOW = {
    "base": set(),
    "program": {"base"},
    "trace": {"program", "base"},
    "world": {"trace", "program", "base"},
    "expect": {"world", "trace", "program", "base"},
    "drivers": {"expect", "world", "trace", "program", "base"},
    "explore": {"drivers", "expect", "world", "trace", "program", "base"},
    "language": {"program", "base"},
    "views": {"trace", "program", "base"},
}
BELOW["sagalab"] = set(BELOW)
BELOW["cli"] = set(BELOW)
# Single headers beyond the layers.
ALSO = {"views": {"expect/verdict.h", "drivers/run.h"}}

TOP_LEVEL = {"CMakeLists.txt", "CMakePresets.json", "README.md", "setup.sh", "src", "scenarios",
             "tests", "build"}

# ---- Words that a part of the tree must not use --------------------------------------------------

# (rule, where it holds, where it does not, what is refused, what to do)
WORDS = [
    ("random", ["src/*"], [], r"#\s*include\s*<random>|\bstd::(random_device|mt19937\w*|shuffle|"
     r"sample|\w+_distribution|default_random_engine|random_shuffle)\b|(?<![\w.>])s?rand\s*\(",
     "differs between libraries or runs: draw with base/random.h"),
    ("unordered", ["src/world/*", "src/expect/*", "src/drivers/*"], [], r"\bunordered_\w+",
     "the order of a hash table may reach a result: use a KeyedMap, map or sorted vector"),
    ("clock", ["src/*"], ["src/cli/*", "src/drivers/pace*"],
     r"\b(system_clock|steady_clock|high_resolution_clock|steady_timer|system_timer|"
     r"clock_gettime|gettimeofday|localtime|gmtime)\b|\bstd::(time|clock)\s*\(|"
     r"(?<![\w.>:])(::)?time\s*\(\s*(nullptr|NULL|0|&\w+)\s*\)|__(DATE|TIME|TIMESTAMP)__",
     "only the command line and the pace driver know the wall clock"),
    ("float", ["src/*"], [], r"(?<![\w.])(float|double|_Float\w+)\b|\bstd::(stod|stof|strtod)\b",
     "floating point differs between machines: use integers or ratios"),
    ("locale", ["src/*"], [], r"#\s*include\s*<(c?locale(\.h)?|locale)>|\bstd::locale\b|"
     r"\bsetlocale\b|\bimbue\s*\(|(?<![\w.>])(std::)?(toupper|tolower|isalpha|isalnum)\s*\(",
     "output must not depend on the locale"),
    ("asio", ["src/*"], ["src/drivers/*", "src/explore/*"],
     r"#\s*include\s*<boost/asio|\bboost::asio\b|\basio::", "Asio is for drivers/ and explore/"),
    ("json", ["src/*"], ["src/language/*", "src/views/*"],
     r"#\s*include\s*<nlohmann/|\bnlohmann::", "JSON is for language/ and views/"),
    ("using namespace", ["src/*.h"], [], r"^\s*using namespace\b",
     "a header opens no namespace for those who include it"),
]

# Spelled in two parts, because this file is read as well.
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b")

MAX_COLUMNS = 100
MAX_FILE = 500
MAX_FUNCTION = 70

CODE = {".cpp", ".h"}
TEXT = CODE | {".py", ".sh", ".cmake", ".in"}


def matches(path, patterns):
    return any(fnmatch.fnmatchcase(path, pattern) for pattern in patterns)


TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<raw>[^()\\ ]*)\(.*?\)(?P=raw)"|"(?:[^"\\\n]|\\.)*"|'
    r"(?<![0-9a-fA-F])'(?:[^'\\\n]|\\.)+'", re.S)
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"')


def bare(text):
    """The code without comments and without what is in strings, line for line."""
    def blank(match):
        token = match.group(0)
        kept = re.sub(r"[^\n]", " ", token[1:-1])
        return kept.join((token[0], token[-1])) if token[0] in "\"'" else \
            re.sub(r"[^\n]", " ", token)
    lines = []
    # An include's name is no string.
    for line, original in zip(TOKEN.sub(blank, text).split("\n"), text.split("\n")):
        lines.append(original if INCLUDE.match(original) and line.strip() else line)
    return lines


# ---- Rules on one file ---------------------------------------------------------------------------

def raw_lines(text):
    """The numbers of the lines that hold a part of a raw string."""
    numbers = set()
    for match in TOKEN.finditer(text):
        if match.group(0).startswith("R"):
            first = text.count("\n", 0, match.start()) + 1
            numbers.update(range(first, first + match.group(0).count("\n") + 1))
    return numbers


def check_text(path, lines):
    # Scenarios quoted in tests are laid out as scenarios are.
    quoted = raw_lines("\n".join(lines)) if path.startswith("tests/") and path.endswith(".cpp") \
        else set()
    for number, line in enumerate(lines, 1):
        if len(line) > MAX_COLUMNS and number not in quoted:
            yield number, "columns", f"{len(line)} columns, at most {MAX_COLUMNS}"
        if "\t" in line:
            yield number, "tab", "a tab: indent with spaces"
        if line != line.rstrip():
            yield number, "trailing blank", "blanks at the end of the line"
        if UNFINISHED.search(line):
            yield number, "unfinished", "a note of unfinished work: finish it or drop it"
    if len(lines) > MAX_FILE:
        yield MAX_FILE + 1, "file length", f"{len(lines)} lines, at most {MAX_FILE}: split it"


def check_header(path, lines):
    if not path.endswith(".h"):
        return
    comment = []
    for line in lines:
        if not line.startswith("//"):
            break
        comment.append(line)
    text = " ".join(line[2:].strip() for line in comment)
    if not comment or not comment[0].startswith("// "):
        yield 1, "opening sentence", "a header begins with a sentence that says what it is for"
    elif not re.search(r"\.(\s|$)", text):
        yield 1, "opening sentence", "the comment that opens a header has no full sentence"
    if "#pragma once" not in lines:
        yield 1, "pragma once", "no #pragma once"


def check_words(path, code):
    for rule, where, but, pattern, advice in WORDS:
        if not matches(path, where) or matches(path, but):
            continue
        for number, line in enumerate(code, 1):
            found = re.search(pattern, line)
            if found:
                yield number, rule, f"\"{found.group(0).strip()}\": {advice}"


def check_includes(path, code):
    if not path.startswith("src/"):
        return
    parts = path.split("/")
    folder = parts[1]
    if len(parts) < 3 or folder not in BELOW:
        yield 1, "layer", f"\"{folder}\" is no layer: add it to BELOW in tests/tidy/tidy_test.py"
        return
    for number, line in enumerate(code, 1):
        found = INCLUDE.match(line)
        if not found:
            continue
        header = found.group(1)
        target = header.split("/")[0]
        if "/" not in header or target not in BELOW:
            yield number, "include path", f"\"{header}\": write the path from src/"
        elif target != folder and target not in BELOW[folder] and \
                header not in ALSO.get(folder, ()):
            yield number, "layer", f"\"{folder}\" must not include \"{header}\": it points upwards"


NO_FUNCTION = re.compile(r"(^|[\s;])(namespace|class|struct|enum|union|concept|extern)\b")
MEMBER_INITIALISERS = re.compile(r"\)\s*(noexcept\s*)?:(?!:)")
NAME = re.compile(r"([\w~]+|operator\s*\S+?)\s*\(")


def functions(code):
    """(name, first line, last line) of outermost function bodies: an estimate by braces."""
    outer = []  # for each open brace outside functions: whether it is a scope
    head = ""
    depth = 0  # of braces within what is skipped
    begin = name = None
    for number, line in enumerate(code, 1):
        if line.lstrip().startswith("#"):
            continue
        for character in line + "\n":
            if depth:
                depth += (character == "{") - (character == "}")
                if not depth and name is not None:
                    yield name, begin, number
                    name, head = None, ""
            elif character == "{":
                member = MEMBER_INITIALISERS.search(head) and \
                    re.search(r"[\w>]\s*$", head) and not head.rstrip().endswith(")")
                if not member and NO_FUNCTION.search(head) and "(" not in head:
                    outer.append(head)
                    head = ""
                    continue
                depth = 1
                found = NAME.search(head)
                if found and not member and not re.search(r"=\s*$", head):
                    name, begin = found.group(1), number
            elif character == "}":
                if outer:
                    outer.pop()
                head = ""
            elif character == ";":
                head = ""
            else:
                head += character


def check_functions(path, code):
    for name, begin, end in functions(code):
        if end - begin - 1 > MAX_FUNCTION:
            yield begin, "function length", \
                f"\"{name}\" has {end - begin - 1} lines, at most {MAX_FUNCTION}"


def check_file(path, text):
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    rules = [check_text(path, lines)]
    if Path(path).suffix in CODE:
        code = bare(text)
        rules += [check_header(path, lines), check_words(path, code), check_includes(path, code),
                  check_functions(path, code)]
    for rule in rules:
        for number, name, message in rule:
            complaint = Complaint(path, number, name, message)
            if not is_allowed(complaint, lines):
                yield complaint


def is_allowed(complaint, lines):
    line = lines[complaint.line - 1] if complaint.line <= len(lines) else ""
    return any(rule == complaint.rule and fnmatch.fnmatchcase(complaint.path, pattern)
               and part in line for rule, pattern, part, _ in ALLOWED)


# ---- Rules on the tree ---------------------------------------------------------------------------

def check_cycles(files):
    """Folders of src/ that include each other, in whatever number of steps."""
    edges = {}
    for path, text in files.items():
        if not path.startswith("src/") or Path(path).suffix not in CODE:
            continue
        folder = path.split("/")[1]
        for number, line in enumerate(bare(text), 1):
            found = INCLUDE.match(line)
            if found and "/" in found.group(1) and found.group(1).split("/")[0] != folder \
                    and found.group(1) not in ALSO.get(folder, ()):
                edges.setdefault(folder, {}).setdefault(
                    found.group(1).split("/")[0], (path, number))

    def way_back(folder, goal, seen):
        if folder == goal:
            return [goal]
        for follower in sorted(edges.get(folder, {})):
            if follower not in seen:
                rest = way_back(follower, goal, seen | {follower})
                if rest:
                    return [folder] + rest
        return None

    for folder in sorted(edges):
        for follower, (path, number) in sorted(edges[folder].items()):
            rest = way_back(follower, folder, {follower})
            if rest:
                yield Complaint(path, number, "cycle",
                                "folders include each other: " + " -> ".join([folder] + rest))


def check_top_level(names):
    for name in sorted(names):
        if name not in TOP_LEVEL and not name.startswith("."):
            yield Complaint(name, 1, "top level", "does not belong at the top level")


def check_tree(files, top_level):
    for path in sorted(files):
        yield from check_file(path, files[path])
    yield from check_cycles(files)
    yield from check_top_level(top_level)


def top_level_names():
    """What git keeps or would keep; without git, what is there."""
    try:
        listed = subprocess.run(
            ["git", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard"],
            check=True, capture_output=True, text=True).stdout
        names = {line.strip('"').split("/")[0] for line in listed.splitlines()}
        return {name for name in names if (ROOT / name).exists()}
    except (OSError, subprocess.CalledProcessError):
        return {path.name for path in ROOT.iterdir()}


def tree():
    files = {}
    for folder in ("src", "tests"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and (path.suffix in TEXT or path.name == "CMakeLists.txt"):
                name = path.relative_to(ROOT).as_posix()
                if not name.startswith("tests/golden/"):
                    files[name] = path.read_text(encoding="utf-8")
    return files


# ---- The rules, tried ----------------------------------------------------------------------------

HEADER = "// What it is for.\n#pragma once\n"
LONG = "int f(int a) {\n" + "    a += 1;\n" * 71 + "    return a;\n}\n"

# (rule that must complain, path, text)
BAD = [
    ("layer", "src/base/a.cpp", '#include "program/program.h"\n'),
    ("layer", "src/world/a.cpp", '#include "language/load.h"\n'),
    ("layer", "src/language/a.cpp", '#include "trace/record.h"\n'),
    ("layer", "src/views/a.cpp", '#include "world/world.h"\n'),
    ("layer", "src/views/a.cpp", '#include "drivers/strands.h"\n'),
    ("layer", "src/sagalab/a.cpp", '#include "cli/options.h"\n'),
    ("layer", "src/misc/a.cpp", "int a;\n"),
    ("include path", "src/world/a.cpp", '#include "react.h"\n'),
    ("include path", "src/world/a.cpp", '#include "../base/hash.h"\n'),
    ("random", "src/base/a.cpp", "#include <random>\n"),
    ("random", "src/base/a.cpp", "void f() { std::shuffle(a, b, c); }\n"),
    ("random", "src/base/a.cpp", "int f() { return rand() % 6; }\n"),
    ("unordered", "src/world/a.cpp", "std::unordered_map<int, int> map;\n"),
    ("unordered", "src/expect/a.cpp", "boost::unordered_flat_map<int, int> map;\n"),
    ("clock", "src/world/a.cpp", "auto now = std::chrono::steady_clock::now();\n"),
    ("clock", "src/drivers/run.cpp", "auto now = time(nullptr);\n"),
    ("clock", "src/base/a.cpp", "const char* built = __DATE__;\n"),
    ("float", "src/program/a.cpp", "double half = 0.5;\n"),
    ("float", "src/program/a.cpp", "auto f = static_cast<float>(1);\n"),
    ("locale", "src/views/a.cpp", "#include <locale>\n"),
    ("locale", "src/cli/a.cpp", 'void f() { setlocale(0, ""); }\n'),
    ("asio", "src/world/a.cpp", "#include <boost/asio/strand.hpp>\n"),
    ("json", "src/trace/a.cpp", "nlohmann::json value;\n"),
    ("using namespace", "src/base/a.h", HEADER + "using namespace std;\n"),
    ("columns", "src/base/a.cpp", "// " + "x" * 98 + "\n"),
    ("columns", "tests/base/a.cpp", 'auto a = R"({\n})";\n// ' + "x" * 98 + "\n"),
    ("columns", "src/base/a.cpp", 'auto a = R"(' + "x" * 98 + ')";\n'),
    ("tab", "tests/base/a.cpp", "\tint a;\n"),
    ("trailing blank", "tests/base/a.cpp", "int a; \n"),
    ("unfinished", "tests/base/a.cpp", "// TO" "DO: later\n"),
    ("file length", "src/base/a.cpp", "int a;\n" * 501),
    ("opening sentence", "src/base/a.h", "#pragma once\n"),
    ("opening sentence", "src/base/a.h", "// Helpers\n#pragma once\n"),
    ("pragma once", "src/base/a.h", "// What it is for.\nint a();\n"),
    ("function length", "src/base/a.cpp", LONG),
    ("function length", "src/base/a.cpp", "namespace a {\nclass B {\n" + LONG + "};\n}\n"),
    ("function length", "src/base/a.cpp",
     "A::A(int a) : a_{a}, b_(a) {\n" + "    b_ += 1;\n" * 71 + "}\n"),
    ("function length", "src/base/a.cpp",
     "int f() {\n}\nint g() const {\n" + "    if (a) { b(); }\n" * 71 + "}\n"),
]

GOOD = [
    ("src/views/a.cpp", '#include "expect/verdict.h"\n#include "drivers/run.h"\n'),
    ("src/cli/a.cpp", '#include "explore/search.h"\nauto t = std::chrono::steady_clock::now();\n'),
    ("src/world/a.cpp", '// A double delivery, unordered_map, std::locale.\n'
     'const char* text = "double rand() std::shuffle";\n'
     "Nanos time(int a);\nauto t = link.time();\n"),
    ("src/world/a.cpp", "const char c = '\"'; auto n = 1'000'000; const char d = '\"';\n"
     "auto r = R\"(double \" float)\";\n"),
    ("src/base/a.cpp", "// " + "\u00e9" * 97 + "\n"),
    ("tests/base/a.cpp", 'auto a = R"({\n' + "x" * 120 + '\n})";\n'),
    ("src/base/a.cpp", "constexpr int table[] = {\n" + "    1,\n" * 80 + "};\n"),
    ("src/base/a.cpp", "int f(int a) {\n" + "    a += 1;\n" * 69 + "    return a;\n}\n" +
     "int g() { return 1; }\n" * 80),
    ("src/base/a.h", "// What it is for, and\n// what not.\n#pragma once\n\nint a();\n"),
    ("src/world/execute.cpp", LONG.replace(" f(", " execute(")),
]


def check_rules():
    for rule, path, text in BAD:
        found = {complaint.rule for complaint in check_file(path, text)}
        if found != {rule}:
            yield f"\"{rule}\" was to complain about {path}, {text[:60]!r}: found {sorted(found)}"
    for path, text in GOOD:
        for complaint in check_file(path, text):
            yield f"complains wrongly about {path}, {text[:60]!r}: {complaint.text}"
    cycle = {"src/base/a.h": '#include "program/b.h"\n', "src/program/b.h": '#include "base/a.h"\n'}
    if not list(check_cycles(cycle)):
        yield "a cycle of folders was not seen"
    if list(check_cycles({"src/program/b.h": '#include "base/a.h"\n'})):
        yield "a cycle of folders was seen where there is none"
    if [c.path for c in check_top_level({"src", ".ci", "notes.md"})] != ["notes.md"]:
        yield "the top level was not looked at"


def main():
    broken = list(check_rules())
    for message in broken:
        print(f"{__file__}:1: error: {message}")
    files = tree()
    complaints = list(check_tree(files, top_level_names()))
    for complaint in complaints:
        print(f"{complaint.path}:{complaint.line}: error: {complaint.text} [{complaint.rule}]")
    print(f"{len(files)} files, {len(complaints)} complaints, "
          f"{len(BAD) + len(GOOD) + 3} snippets, {len(broken)} judged wrongly")
    return 1 if broken or complaints or not files else 0


if __name__ == "__main__":
    sys.exit(main())
