"""Z4, Z8 to Z10: what holds when the plans of such programs are written, printed, interrupted and taken back."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from pathlib import Path

from faults.batches import Batch, batches
from faults.command import WEBSOCKET, recanon
from faults.file_systems import KILLED, Counting, Dying, in_child
from faults.model import Fault, Loss, Trial, judged
from faults.recipes import FACTORY, OLD, websocket
from faults.trees import Snapshot, fill, leftovers, snapshot, torn
from recanon.apply import apply_plan
from recanon.diff import plan_diff
from recanon.journal.recover import recover
from recanon.rollback import Request, rollback
from recanon.testing.world import lay_out

ALL = Request(everything=True)
_MODES = (0o644, 0o755, 0o600, 0o664, 0o640)
_HIDDEN = ("\x7f", "\x85", "\x9b", "\u202e", "\u2066", "\u200b", "\u2028", "\ufeff")
_MARKUP = ("<script>", "</script>", "<!--", "-->", "<img src=x onerror=y>", "&lt;", "&#60;", "]]>", "](javascript:x)")
_PIECES = (
    *_HIDDEN, *_MARKUP, "\x1b[31m", "\x1b]52;c;ZQ==\x07", "\x9b2J", "\r", "\b", "\x00", '"', "'", "`", "{{x}}",
    "{% x %}", "\\", "%3c", "ü", "𝄞", " ", "a", "\t",
)  # fmt: skip


def undo(trial: Trial) -> None:
    """Write the plans over files of all modes, and take them back: all is as it was."""
    for batch in batches(trial, trial.size(6, 1), trial.size(60, 20)):
        for path in batch.files:
            (batch.root / path).chmod(trial.chance.choice(_MODES))
        start = snapshot(batch.root)
        apply_plan(batch.root, batch.plan)
        there = snapshot(batch.root)
        rollback(batch.root, ALL)
        back = snapshot(batch.root)
        after = {change.path: change.after for change in batch.plan.changes}
        for path, (text, mode) in start.items():
            trial.point(
                f"{batch.name} {path}",
                *judged(
                    (there.get(path) == (after.get(path, text), mode), Loss.TORN, "not as it was planned"),
                    (back.get(path) == start[path], Loss.UNRECOVERED, "not as it was at the start"),
                ),
            )


def diff_faithful(trial: Trial) -> None:
    """Apply the diff by git and by patch: it gives what apply gives."""
    for batch in batches(trial, trial.size(6, 1), trial.size(60, 20)):
        diff = b"".join(text for _, text, _ in plan_diff(batch.plan.changes))
        wanted = {path: text for path, (text, _) in snapshot(batch.root).items()}
        wanted |= {change.path: change.after for change in batch.plan.changes}
        for program, found in _patched(batch.root, diff):
            for change in batch.plan.changes:
                same = found.get(change.path) == wanted[change.path]
                trial.point(f"{batch.name} {program} {change.path}", *judged((same, Loss.LOST, "another text")))
            rest = {path for path in wanted if wanted[path] != found.get(path)}
            trial.point(f"{batch.name} {program}", *judged((not rest, Loss.LOST, f"other files: {sorted(rest)[:5]}")))


def _patched(root: Path, diff: bytes) -> Iterator[tuple[str, dict[str, bytes]]]:
    programs = {"git apply": ["git", "apply", "-p1", "--whitespace=nowarn", "-"]}
    if shutil.which("patch"):
        programs["patch"] = ["patch", "-p1", "--binary", "--quiet", "--no-backup-if-mismatch"]
    for program, command in programs.items():
        copy = shutil.copytree(root, root.with_name(f"{root.name}-copy"))
        try:
            subprocess.run(command, cwd=copy, input=diff, capture_output=True, check=False)
            yield program, {path: text for path, (text, _) in snapshot(copy).items()}
        finally:
            shutil.rmtree(copy)


def journal(trial: Trial) -> None:
    """Kill the apply of such plans where chance has it: what the journal holds by then leads on and back."""
    for batch in batches(trial, trial.size(5, 1), trial.size(40, 12)):
        start = snapshot(batch.root)
        end = {**start, **{c.path: (c.after, start[c.path][1]) for c in batch.plan.changes}}
        counting = Counting()
        apply_plan(batch.root, batch.plan, files=counting)
        shutil.rmtree(batch.root / ".recanon")
        for _ in range(trial.size(40, 6)):
            fill(batch.root, {path: text for path, (text, _) in start.items()})
            _killed(trial, batch, trial.chance.randint(1, counting.count), (start, end))
            shutil.rmtree(batch.root / ".recanon", ignore_errors=True)


def _killed(trial: Trial, batch: Batch, at: int, ends: tuple[Snapshot, Snapshot]) -> None:
    start, end = ends
    died = in_child(partial(apply_plan, batch.root, batch.plan, files=Dying(at))) == KILLED
    broken = torn(batch.root, start, end)
    found = recover(batch.root)
    twice = recover(batch.root) if found else ()
    on = at % 2 == 0 or (apply_plan(batch.root, batch.plan).complete and snapshot(batch.root) == end)
    back = rollback(batch.root, ALL).complete and snapshot(batch.root) == start
    trial.point(
        f"{batch.name} operation {at}",
        *judged(
            (died, Loss.SILENT, "it was not killed"),
            (not broken, Loss.TORN, str(broken)),
            (not twice, Loss.UNRECOVERED, "the recovery finds work twice"),
            (on, Loss.UNRECOVERED, "the plan applied again does not reach its end"),
            (back, Loss.UNRECOVERED, "the rollback does not reach the start"),
            (not leftovers(batch.root), Loss.UNRECOVERED, f"left over: {leftovers(batch.root)}"),
        ),
    )


def hostile_text(trial: Trial) -> None:
    """Put hostile text into names, code and comments: the page keeps its structure, a pipe gets no control bytes."""
    benign = "" if trial.quick else _page_and_lists(["word"] * 40)[0]
    for _ in range(trial.size(5, 1)):
        odd = ["".join(trial.chance.choices(_PIECES, k=5)) for _ in range(trial.size(40, 12))]
        page, lists = _page_and_lists(odd, paged=not trial.quick)
        same = _structure(page) == _structure(benign)
        trial.point("the page as a whole", *judged((same, Loss.LOST, "other tags or attributes than a benign page")))
        raw = [byte for byte in lists if byte < 32 and byte != 10]
        hidden = [word for word in _HIDDEN if word in lists.decode("utf-8", "replace")]
        for text in odd:
            trial.point(ascii(text), *judged((not raw and not hidden, Loss.LOST, f"raw bytes: {raw[:9]} {hidden}")))


def _page_and_lists(words: list[str], *, paged: bool = True) -> tuple[str, bytes]:
    """Return the page about files that hold some words, and the lists of a preview."""
    with tempfile.TemporaryDirectory(prefix="recanon-faults-") as place:
        root, page = Path(place, "tree"), Path(place, "page.html")
        lay_out(websocket(), root, {f"tests/t{n:02}_{_name(word)}.py": _code(word) for n, word in enumerate(words)})
        if paged:
            recanon("report", root, *WEBSOCKET, "--format", "html", "-o", page)
        lists = recanon("preview", root, *WEBSOCKET, "--format", "summary")
        return page.read_text(encoding="utf-8") if paged else "", lists.stdout + lists.stderr


def _name(word: str) -> str:
    return word.replace("/", "").replace("\0", "")[:40]


def _code(word: str) -> bytes:
    shown = word.replace("\r", "").replace("\0", "")
    text = f"from {FACTORY} import {OLD}  # {shown}\n\n\nasync def f(c):\n    x = {OLD}  # {shown}\n"
    text += f"    return x, {shown!r}\n\n\ndef g(c):\n    return {OLD}(user_id={shown!r})\n"
    return text.encode("utf-8", "replace")


def _structure(page: str) -> list[tuple[str, tuple[str, ...]]]:
    found: list[tuple[str, tuple[str, ...]]] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append((tag, tuple(name for name, _ in attrs)))

        def handle_comment(self, data: str) -> None:
            found.append(("comment", ()))

    Tags().feed(page)
    return found


_HOW = "plans of grammar-made, generated, real and mutated programs"
FAULTS = (
    Fault("Z4", "fuzz: the way back is the start", f"{_HOW}, files of all modes", 360, undo),
    Fault("Z8", "fuzz: the diff says what apply does", f"{_HOW}, by git apply and patch", 240, diff_faithful),
    Fault("Z9", "fuzz: what the journal holds is enough", f"{_HOW}, killed at operations by chance", 200, journal),
    Fault("Z10", "fuzz: hostile text stays text", "escapes, marks and markup in names and code", 200, hostile_text),
)
