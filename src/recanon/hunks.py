"""The hunks of a plan: neighbouring edits of a file, for a person to take or to leave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from recanon.edit import Edit
from recanon.outcome import Finding
from recanon.plan import ChangeKind, FileChange, Plan, names_guest
from recanon.source import Source, splice

NEAR = 6  # lines: two edits whose context lines of a diff would touch are shown as one hunk


@dataclass(frozen=True, slots=True)
class Hunk:
    """Neighbouring edits of a file, or a file that is created or deleted.

    Args:
        change: the file with these edits alone.
        places: the findings behind the edits.
    """

    change: FileChange
    places: tuple[Finding, ...]

    @property
    def path(self) -> str:
        """The file."""
        return self.change.path


def hunks(plan: Plan) -> Iterator[Hunk]:
    """Yield the hunks of a plan, by file and line.

    Args:
        plan: the plan.
    """
    for change in plan.changes:
        source = Source.decode(change.path, change.before)
        applied = [f for f in plan.findings if f.applied and f.path == change.path]
        if change.kind is not ChangeKind.EDIT:
            yield Hunk(change, tuple(applied))
            continue
        for group in _groups(change.edits, source):
            yield _hunk(group, source, applied)


def written(plan: Plan, refused: Iterable[Hunk]) -> frozenset[str]:
    """Return the files of a plan in which an edit stands that belongs to a refused hunk.

    Args:
        plan: what would be written.
        refused: hunks that shall not be.
    """
    stands = {change.path: _marks(change) for change in plan.changes}
    return frozenset(hunk.path for hunk in refused if not stands.get(hunk.path, set()).isdisjoint(_marks(hunk.change)))


def _marks(change: FileChange) -> set[tuple[int, str, str]]:
    """Return what two changes of one file have in common where they do the same."""
    if change.kind is not ChangeKind.EDIT:
        return {(0, "", change.kind)}
    return set(map(_place, change.edits))


def _place(edit: Edit) -> tuple[int, str, str]:
    return edit.span.start, edit.expected, edit.replacement


def split(hunk: Hunk) -> tuple[Hunk, ...]:
    """Return the hunks of the single edits of a hunk; a file that is created or deleted is one hunk."""
    if hunk.change.kind is not ChangeKind.EDIT:
        return (hunk,)
    source = Source.decode(hunk.path, hunk.change.before)
    return tuple(_hunk([edit], source, list(hunk.places)) for edit in hunk.change.edits)


def _groups(edits: tuple[Edit, ...], source: Source) -> Iterator[list[Edit]]:
    group: list[Edit] = []
    for edit in edits:
        if group and source.line_of(edit.span.start) - source.line_of(group[-1].span.end) > NEAR:
            yield group
            group = []
        group.append(edit)
    if group:
        yield group


def _hunk(edits: list[Edit], source: Source, applied: list[Finding]) -> Hunk:
    lines = [(source.line_of(edit.span.start), source.line_of(edit.span.end)) for edit in edits]
    places = [f for f in applied if any(first <= f.line <= last for first, last in lines)]
    if not all(names_guest(edit.codemod) for edit in edits):
        # A use that holds no mention is decided upon at its import.
        places = places or [f for f in applied if f.kind == "import"]
    data = source.encode(source.text)
    return Hunk(FileChange(source.path, data, source.encode(splice(source, edits)), tuple(edits)), tuple(places))
