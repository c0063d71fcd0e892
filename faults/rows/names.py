"""D5: files of odd names, through all that recanon prints, writes down and reads again."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote_to_bytes

from faults.command import WEBSOCKET, recanon
from faults.model import Fault, Loss, Trial
from faults.recipes import RECIPES, again, websocket
from faults.trees import Snapshot, snapshot
from recanon.apply import apply_plan
from recanon.diff import plan_diff
from recanon.rollback import Request, rollback
from recanon.runs import list_runs, show_run
from recanon.safe_text import safe_text
from recanon.testing.world import lay_out

RECIPE = RECIPES[0]
_LONGEST, _LONGEST_OF_PATCH = 255, 240  # bytes of a name
_ODD = (
    "plain", "new\nline", "\n", "ret\rurn", 'quote"s and \'', "back\\slash", "a\\nb", "tab\tulator",
    "\x1b[31mred\x1b]52;c;x\x07", "\x7fdel", "\x9b31m", "\x01\x02\x1f", " leading", "trailing ", "two  blanks",
    "-leading", "--help", "-", "~", "#hash", "%s%n%d", "100%41", "$(touch x)", "`touch x`", "${HOME}", "a;b", "a&b",
    "a|b", "a>b<c", "*", "?", "[a]", "{a,b}", "!bang", ":(glob)*", ":/top", "a:b", "a=b", "a,b", "@file", "+x",
    "<script>alert(1)<script>", "&amp;", "a b/c d", "b/x b/y", "\u202egnp", "\u2066a\u2069", "zero\u200bwidth",
    "\ufeffmark", "\u2028line", "nbsp\xa0", "\x85nel", "café", "café", "𝄞", "ﬁ", "名前", "con", "nul", ".hidden",
    "..dots", "...", "a.py", "a.b.c", "__init__ ", "class", "1digit", "dev\\null", "x" * 252, "ü" * 126,
    os.fsdecode(b'\xff\xfe'), os.fsdecode(b'\xe4latin'), os.fsdecode(b'cut\xf0\x9f'),
)  # fmt: skip


def names(trial: Trial) -> None:
    """Rewrite files of all these names: by a patch, by a plan file, and back; and look for them in the reports."""
    paths = [path for stem in _ODD[: trial.size(len(_ODD), 9)] for path in _paths(stem)]
    with trial.place() as place:
        root = place / "tree"
        lay_out(websocket(), root, dict.fromkeys(paths, RECIPE.before.encode()))
        start = snapshot(root)
        end = {**start, **{path: (RECIPE.after.encode(), start[path][1]) for path in paths}}
        ways = _Ways(root, place, start, end)
        if trial.quick:
            ways.by_plan()
        else:
            ways.by_plan_file()
            ways.reported()
        failed = ways.failed
        for path in (*paths, *(failed.keys() - set(paths))):
            trial.point(ascii(path), *failed.get(path, ()))


def _paths(stem: str) -> Iterator[str]:
    """Yield paths in which a name stands: as that of a file, behind other letters, and as that of a folder."""
    for path in (f"tests/{stem}.py", f"tests/t_{stem}.py", f"tests/d_{stem}/t.py"):
        if _longest(path) <= _LONGEST:
            yield path


Failed = dict[str, list[tuple[Loss, str]]]


@dataclass
class _Ways:
    """The ways of a tree, and what failed on them.

    Args:
        root: the tree.
        place: a folder for what is written beside it.
        start: the tree as it is.
        end: the tree as it shall be.
    """

    root: Path
    place: Path
    start: Snapshot
    end: Snapshot
    failed: Failed = field(default_factory=dict)

    def by_plan(self) -> None:
        """Plan, apply and take back within this process."""
        plan = again(self.root)
        self.patched(b"".join(diff for _, diff, _ in plan_diff(plan.changes)))
        apply_plan(self.root, plan)
        self.compare("apply", self.root, self.end)
        rollback(self.root, Request(everything=True))
        self.compare("rollback", self.root, self.start, loss=Loss.UNRECOVERED)

    def patched(self, diff: bytes) -> None:
        """Let different programs apply the diff of a plan to copies of the tree."""
        (self.place / "out.patch").write_bytes(diff)
        copy = shutil.copytree(self.root, self.place / "by-git")
        _run(copy, "git", "apply", "-p1", "--whitespace=nowarn", str(self.place / "out.patch"))
        self.compare("git apply", copy, self.end)
        if shutil.which("patch"):
            copy = shutil.copytree(self.root, self.place / "by-patch")
            shorter = self.place / "shorter.patch"
            shorter.write_bytes(_without_long(diff))
            _run(copy, "patch", "-p1", "--binary", "--quiet", "--no-backup-if-mismatch", "-i", str(shorter))
            self.compare("patch", copy, self.end, longest=_LONGEST_OF_PATCH)

    def by_plan_file(self) -> None:
        """Print a patch, write a plan file, apply it, and take it back, all by the command line."""
        self.patched(recanon("preview", self.root, *WEBSOCKET).stdout)
        done = recanon("plan", self.root, *WEBSOCKET, "-o", self.place / "plan.json")
        plan = json.loads((self.place / "plan.json").read_bytes()) if not done.returncode else {"phases": []}
        self.listed("the plan file", {file["path"] for phase in plan["phases"] for file in phase["files"]})
        done = recanon("apply", self.root, "--plan", self.place / "plan.json", "--yes")
        self.compare(f"apply ({done.returncode}, {done.stderr[-200:]!r})", self.root, self.end)
        runs = [show_run(self.root, run.run) for run in list_runs(self.root)]
        self.listed("the journal", {file.path for run in runs for file in run.files})
        done = recanon("rollback", self.root, "--all", "--yes")
        self.compare(f"rollback ({done.returncode})", self.root, self.start, loss=Loss.UNRECOVERED)

    def reported(self) -> None:
        """Look for the names in the reports."""
        for form, read in (("json", _of_json), ("sarif", _of_sarif), ("html", _of_page)):
            file = self.place / f"report.{form}"
            done = recanon("report", self.root, *WEBSOCKET, "--format", form, "-o", file)
            self.listed(f"the {form} report", set(read(file.read_bytes())) if not done.returncode else set())
        self.compare("report", self.root, self.start)

    def compare(
        self, what: str, root: Path, wanted: Snapshot, *, loss: Loss = Loss.LOST, longest: int = _LONGEST
    ) -> None:
        """Compare a tree with what it shall be, but for names that are too long for a foreign program."""
        found = snapshot(root)
        for path in found.keys() | wanted.keys():
            if found.get(path) != wanted.get(path) and _longest(path) <= longest:
                self.failed.setdefault(path, []).append((loss, f"{what}: {found.get(path)}"[:200]))

    def listed(self, what: str, found: set[str]) -> None:
        """See that all files that change are named, as they are or with what is not seen spelled out."""
        for path in (path for path in self.end if self.end[path] != self.start[path]):
            if not {path, safe_text(path)} & found:
                self.failed.setdefault(path, []).append((Loss.SILENT, f"{what} does not name it"))


def _run(folder: Path, *command: str) -> None:
    environ = {**os.environ, "GIT_CEILING_DIRECTORIES": str(folder.parent)}
    subprocess.run(command, cwd=folder, env=environ, capture_output=True, check=False)


def _without_long(patch: bytes) -> bytes:
    """Leave out what GNU patch cannot do: it makes files of longer names beside those that it is given."""
    parts = re.split(rb"(?m)^(?=diff --git )", patch)
    return b"".join(part for part in parts if len(part.partition(b"\n")[0]) < 2 * _LONGEST)


def _longest(path: str) -> int:
    return max(len(os.fsencode(part)) for part in path.split("/"))


def _of_json(data: bytes) -> Iterator[str]:
    yield from (file["path"] for file in json.loads(data)["files"])


def _of_sarif(data: bytes) -> Iterator[str]:
    for result in json.loads(data)["runs"][0]["results"]:
        for location in result["locations"]:
            uri = location["physicalLocation"]["artifactLocation"]["uri"]
            yield unquote_to_bytes(uri).decode("utf-8", "surrogateescape")


def _of_page(data: bytes) -> Iterator[str]:
    for script in re.findall(r'<script[^>]*type="application/json"[^>]*>(.*?)</script>', data.decode(), re.S):
        value = json.loads(script)
        yield from (file["path"] for file in (value.get("files", ()) if isinstance(value, dict) else ()))


FAULTS = (
    Fault(
        "D5",
        "weird names: newline, quote, ESC, bad UTF-8, -, 255 bytes, bidi",
        f"{len(_ODD)} names of files and folders through git apply, patch, plan file, journal, reports and back",
        200,
        names,
    ),
)
