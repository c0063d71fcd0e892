"""The diff is exact: git accepts it and makes the very bytes of it, and unidiff reads it back."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recanon.diff import DiffError, check_diff, plan_diff, quote_path, unified_diff
from recanon.plan import ChangeKind, FileChange

NUMBERS = b"".join(b"line %d\n" % number for number in range(1, 41))

CASES = {
    "plain": (b"import a\nx = a.f()\n", b"import b\nx = b.f()\n"),
    "crlf": (b"import a\r\nx = 1\r\n", b"import b\r\nx = 1\r\n"),
    "crlf to lf": (b"a\r\nb\r\n", b"a\nb\r\n"),
    "form feed": (b"a\n\x0c\nb\n", b"a\n\x0c\nc\n"),
    "form feed inside a line": (b"a\x0cb\nc\n", b"a\x0cb\nd\n"),
    "lone carriage return": (b"a\rb\nc\n", b"a\rb\nd\n"),
    "line separator": ("s = '\u2028'\nx\n".encode(), "s = '\u2028'\ny\n".encode()),
    "vertical tab and file separators": (b"a\x0b\x1c\x1d\x1e\x85b\nc\n", b"a\x0b\x1c\x1d\x1e\x85b\nd\n"),
    "latin-1": (b"# -*- coding: latin-1 -*-\ns = '\xe9'\n", b"# -*- coding: latin-1 -*-\ns = '\xe8'\n"),
    "byte-order mark": (b"\xef\xbb\xbfimport a\n", b"\xef\xbb\xbfimport b\n"),
    "no newline at the end, both": (b"a\nb", b"a\nc"),
    "no newline at the end, before": (b"a\nb", b"a\nb\n"),
    "no newline at the end, after": (b"a\nb\n", b"a\nb"),
    "no newline at the end, in context": (b"a\nb\nc", b"x\nb\nc"),
    "the marker as text": (b"a\n\\ No newline at end of file\nb\n", b"c\n\\ No newline at end of file\nb\n"),
    "lines like headers": (b"-- a/x\n++ b/x\n@@ -1 +1 @@\n", b"-- a/y\n++ b/y\n@@ -1 +1 @@\n"),
    "from empty": (b"", b"a\nb\n"),
    "to empty": (b"a\nb\n", b""),
    "one line": (b"a\n", b"b\n"),
    "first and last": (NUMBERS, b"new\n" + NUMBERS + b"new\n"),
    "two hunks": (NUMBERS, NUMBERS.replace(b"line 5\n", b"").replace(b"line 30\n", b"line 30\nmore\n")),
    "hunks that just touch": (NUMBERS, NUMBERS.replace(b"line 10\n", b"x\n").replace(b"line 17\n", b"y\n")),
    "hunks that just part": (NUMBERS, NUMBERS.replace(b"line 10\n", b"x\n").replace(b"line 18\n", b"y\n")),
    "repeated lines": (b"x\n" * 30, b"x\n" * 15 + b"y\n" + b"x\n" * 16),
    "blank lines": (b"\n\n\na\n\n\n", b"\n\n\n\na\n\n"),
    "trailing blanks": (b"a  \nb\t\n", b"a\nb\t\t\n"),
    "nul byte": (b"a\x00\nb\n", b"a\x00\nc\n"),
}

NAMES = [
    "with blank.py",
    "tab\there.py",
    'quote".py',
    "back\\slash.py",
    "new\nline.py",
    "caf\u00e9.py",
    "byte\udcff.py",
    "bell\x07.py",
    "escape\x1b]52;c;x\x07.py",
    "x b/x.py",
    " leading.py",
    "deep/er/na\u202eme.py",
]


def test_git_makes_the_very_bytes(tmp_path: Path) -> None:
    changes = [FileChange(f"{number}.py", *pair) for number, pair in enumerate(CASES.values())]
    assert applied(tmp_path, changes) == [change.after for change in changes]


@pytest.mark.parametrize("name", CASES)
def test_unidiff_reads_it_back(name: str) -> None:
    change = FileChange("f.py", *CASES[name])
    count = check_diff(change, unified_diff(change))
    lines = len(change.after.split(b"\n")) - len(change.before.split(b"\n"))
    assert abs(count.added - count.removed - lines) <= 1
    assert count.added + count.removed > 0


def test_git_finds_files_of_any_name(tmp_path: Path) -> None:
    changes = [FileChange(name, b"a\nb\n", b"a\nc\n") for name in NAMES]
    assert applied(tmp_path, changes) == [b"a\nc\n"] * len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_names_are_quoted_as_git_quotes_them(name: str, tmp_path: Path) -> None:
    root = tmp_path / "tree"
    write(root, name, b"a\n")
    git(root, "init", "-q")
    git(root, "add", "-A")
    write(root, name, b"b\n")
    theirs = git(root, "diff").split(b"\n")
    ours = unified_diff(FileChange(name, b"a\n", b"b\n")).split(b"\n")
    assert ours == [line for line in theirs if not line.startswith(b"index ")]


def test_git_creates_and_deletes_the_very_bytes(tmp_path: Path) -> None:
    texts = [*(text for pair in CASES.values() for text in pair), *[b"a\nb"] * len(NAMES)]
    paths = [*(f"{number}.py" for number in range(2 * len(CASES))), *NAMES]
    made = [FileChange(path, b"", text, kind=ChangeKind.CREATE) for path, text in zip(paths, texts, strict=True)]
    gone = [FileChange(path, text, b"", kind=ChangeKind.DELETE) for path, text in zip(paths, texts, strict=True)]
    git(tmp_path, "init", "-q")
    git(tmp_path, "apply", "--whitespace=nowarn", "-", data=b"".join(map(unified_diff, made)))
    assert [(tmp_path / path).read_bytes() for path in paths] == texts
    git(tmp_path, "apply", "--whitespace=nowarn", "-", data=b"".join(map(unified_diff, gone)))
    assert [path for path in paths if (tmp_path / path).exists()] == []
    for change in (*made, *gone):
        assert bool(sum(count_of(change))) == bool(change.before or change.after)


REVERSE = ("-R", "--src-prefix=b/", "--dst-prefix=a/")  # which a reversed diff of git has the other way round


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", [b"", b"a\n", b"a\r\nb"])
@pytest.mark.parametrize("executable", [False, True])
def test_creation_and_deletion_read_as_those_of_git(tmp_path: Path, name: str, text: bytes, executable: bool) -> None:
    git(tmp_path, "init", "-q")
    write(tmp_path, name, text)
    (tmp_path / name).chmod(0o755 if executable else 0o644)
    git(tmp_path, "add", "-A")
    for kind, reverse in ((ChangeKind.CREATE, ()), (ChangeKind.DELETE, REVERSE)):
        theirs = git(tmp_path, "diff", "--cached", *reverse).split(b"\n")
        before, after = (b"", text) if kind is ChangeKind.CREATE else (text, b"")
        ours = unified_diff(FileChange(name, before, after, kind=kind, executable=executable)).split(b"\n")
        assert ours == [line for line in theirs if not line.startswith(b"index ")]


@pytest.mark.parametrize(
    "diff",
    [
        b"",
        b"diff --git a/f b/f\nnew file mode 100755\n--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+a\n",
        b"diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -0,0 +1 @@\n+a\n",
        b"diff --git a/f b/f\nnew file mode 100644\n--- a/f\n+++ b/f\n@@ -0,0 +1 @@\n+a\n",
        b"diff --git a/f b/f\nnew file mode 100644\n--- /dev/null\n+++ b/g\n@@ -0,0 +1 @@\n+a\n",
    ],
)
def test_a_wrong_creation_is_found(diff: bytes) -> None:
    with pytest.raises(DiffError, match="names"):
        check_diff(FileChange("f", b"", b"a\n", kind=ChangeKind.CREATE), diff)


def test_an_empty_file_that_is_edited_to_empty_is_no_diff_and_one_that_is_created_is() -> None:
    assert unified_diff(FileChange("f.py", b"", b"")) == b""
    assert unified_diff(FileChange("f.py", b"", b"", kind=ChangeKind.CREATE)).endswith(b"new file mode 100644\n")


TEXTS = st.lists(
    st.sampled_from(["a", "b", "", "\n", "\n", "\r\n", "\x0c", "\u2028", "\r", "\\ No newline", "-", "+++ x", " "]),
    max_size=14,
).map("".join)


@settings(max_examples=50, deadline=None)
@given(pairs=st.lists(st.tuples(TEXTS, TEXTS), min_size=8, max_size=8))
def test_git_agrees_with_any_text(pairs: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory) -> None:
    changes = [FileChange(f"{n}.py", one.encode(), two.encode()) for n, (one, two) in enumerate(pairs)]
    assert applied(tmp_path_factory.mktemp("any"), changes) == [change.after for change in changes]


@settings(max_examples=300, deadline=None)
@given(before=st.binary(max_size=60), after=st.binary(max_size=60))
def test_unidiff_reads_any_bytes(before: bytes, after: bytes) -> None:
    change = FileChange("f.py", before, after)
    count = check_diff(change, unified_diff(change))
    assert (count.added + count.removed > 0) == (before != after)


def test_nothing_changed_is_no_diff() -> None:
    assert unified_diff(FileChange("f.py", b"a\n", b"a\n")) == b""


@pytest.mark.parametrize(
    ("diff", "message"),
    [
        (b"", "names"),
        (b"diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,9 +1 @@\n-a\n+b\n", "cannot be read back"),
        (b"diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+wrong\n", "does not give the planned bytes"),
        (b"diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-wrong\n+b\n", "does not meet the file"),
        (b"diff --git a/g b/g\n--- a/g\n+++ b/g\n@@ -1 +1 @@\n-a\n+b\n", "names"),
    ],
)
def test_a_wrong_diff_is_found(diff: bytes, message: str) -> None:
    with pytest.raises(DiffError, match=message):
        check_diff(FileChange("f", b"a\n", b"b\n"), diff)


def test_a_plan_gives_its_diffs_in_order_with_their_counts() -> None:
    changes = [FileChange("a.py", b"1\n", b"2\n3\n"), FileChange("b.py", b"1\n2\n", b"1\n")]
    given_back = list(plan_diff(changes))
    assert [change for change, _, _ in given_back] == changes
    assert [(count.added, count.removed) for _, _, count in given_back] == [(2, 1), (0, 1)]


def test_only_the_lines_that_differ_are_marked_in_a_long_text_with_many_equal_lines() -> None:
    before = b"a = old(\n    c,\n)\n\n" * 100
    _, _, *rest = unified_diff(FileChange("a.py", before, before.replace(b"old", b"new"))).split(b"\n")
    marked = {line for line in rest if line[:1] in (b"+", b"-")}
    assert marked == {b"+++ b/a.py", b"-a = old(", b"+a = new("}


def test_a_plain_name_stays_plain() -> None:
    assert quote_path("app/main.py", prefix="a/") == b"a/app/main.py"


def applied(root: Path, changes: list[FileChange]) -> list[bytes]:
    """Write the trees before, let git apply the diff of all, and read them back."""
    for change in changes:
        write(root, change.path, change.before)
    git(root, "init", "-q")
    diff = b"".join(unified_diff(change) for change in changes)
    if diff:
        git(root, "apply", "--check", "--whitespace=nowarn", "-", data=diff)
        git(root, "apply", "--whitespace=nowarn", "-", data=diff)
    files = [root / change.path for change in changes]
    return [file.read_bytes() if file.exists() else b"" for file in files]


def count_of(change: FileChange) -> tuple[int, int]:
    count = check_diff(change, unified_diff(change))
    return count.added, count.removed


def write(root: Path, name: str, data: bytes) -> None:
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)


def git(root: Path, *words: str, data: bytes = b"") -> bytes:
    quiet = ["-c", "core.autocrlf=false", "-c", "core.safecrlf=false", "-c", "core.quotePath=true"]
    done = subprocess.run(["git", *quiet, *words], cwd=root, input=data, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout


@given(st.lists(st.sampled_from([b"", b"x", b"return y"]), max_size=20), st.data())
@settings(max_examples=20, deadline=None)
def test_the_diff_of_a_long_text_gives_the_text_after(noise: list[bytes], data: st.DataObject) -> None:
    """Where lines that stand once hold the texts together, and others are moved, doubled and taken out."""
    old = [line for number in range(1_100) for line in (b"def f%d():" % number, *noise[: number % 3])]
    new = list(old)
    for at in data.draw(st.lists(st.integers(0, len(old) - 1), min_size=1, max_size=30)):
        new[at : at + 1] = data.draw(st.sampled_from([[], [b"other"], [old[0]], [new[at % len(new)], b"x"]]))
    new = [b"head", *new, b"tail"]
    change = FileChange("a.py", b"\n".join([b"first", *old, b"last"]), b"\n".join(new))

    check_diff(change, unified_diff(change))
