"""D4: two names that some file systems take for one."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from faults.model import Fault, Loss, Trial, judged
from faults.trees import Snapshot, fill, plan_of, snapshot
from recanon.apply import apply_plan
from recanon.errors import UsageError
from recanon.plan import ChangeKind, FileChange

_STEMS = ("core", "straße", "café", "Ångström", "ﬁle", "Σίσυφος", "naïve_1", "한글", "İstanbul", "ǅ")


def collisions(trial: Trial) -> None:
    """Create a file beside one of an equal name that stands, or that is created too, and beside one of another."""
    for stem in _STEMS:
        for number, other in enumerate(_alike(stem)):
            for folder in ("", "shop/", "shop/ünter/"):
                where = f"{folder}{stem} and spelling {number}"
                _refused(trial, f"{where}, standing", f"{folder}{stem}.py", there=f"{folder}{other}.py")
                _refused(trial, f"{where}, created", f"{folder}{stem}.py", f"{folder}{other}.py")
                _refused(trial, f"{where}, folders", f"{folder}{stem}/a.py", there=f"{folder}{other}/b.py")
        _allowed(trial, stem)


def _alike(stem: str) -> list[str]:
    spelled = (stem.upper(), stem.lower(), stem.title(), stem.casefold(), stem.swapcase())
    texts = (stem, *spelled)
    found = {*(unicodedata.normalize("NFC", text) for text in texts), *map(_decomposed, texts)} - {stem}
    return sorted(text for text in found if _equal(text, stem))


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def _equal(one: str, other: str) -> bool:
    """Whether a file system that folds case and normalises takes two names for one (Unicode, D145)."""
    return _decomposed(_decomposed(one).casefold()) == _decomposed(_decomposed(other).casefold())


def _refused(trial: Trial, where: str, *created: str, there: str = "e.py") -> None:
    with trial.place() as root:
        start, told = _tried(root, created, there)
        same = snapshot(root) == start
        trial.point(
            where,
            *judged(
                ("differ in case or Unicode form" in told, Loss.SILENT, f"not refused: {told}"),
                (same, Loss.LOST, f"something is written: {sorted(snapshot(root))}"),
            ),
        )


def _allowed(trial: Trial, stem: str) -> None:
    """Names that are apart may be created, and two that stand already may both be edited."""
    with trial.place() as root:
        _, told = _tried(root, [f"{stem}1.py", f"{stem}2.py"], f"{stem}3.py")
        trial.point(f"{stem} and others", *judged((not told, Loss.LOST, f"refused: {told}")))


def _tried(root: Path, created: list[str] | tuple[str, ...], there: str) -> tuple[Snapshot, str]:
    """Apply a plan that creates files and edits one; return the tree before, and what is said."""
    start = snapshot(fill(root, {there: b"old"}))
    new = [FileChange(path, b"", b"new", kind=ChangeKind.CREATE) for path in created]
    try:
        result = apply_plan(root, plan_of(FileChange(there, b"old", b"edited"), *new))
    except UsageError as exc:
        return start, str(exc)
    return start, "".join(str(refused) for refused in result.refused)


FAULTS = (
    Fault(
        "D4",
        "two names equal but for case or Unicode form",
        "a file created beside one that stands or is created too, and folders",
        100,
        collisions,
    ),
)
