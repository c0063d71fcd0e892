"""A plan in parts: what goes back with each file, so that none is left without what it needs of another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from recanon.edit import Edit
from recanon.errors import EditConflictError, SourceError
from recanon.gates.patched import patched_names
from recanon.outcome import Finding
from recanon.plan import ChangeKind, FileChange, Plan
from recanon.resolve.names import ModuleMap
from recanon.source import Source, splice

_PATCH = "patch-target"  # the codemod id under which strings that patch a name are edited


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a plan. Each edit belongs to one file.

    A string that patches a module names what that module holds: it belongs to the file of the module, and goes back
    with it, while the other edits beside it stay. All other edits belong to the file that they stand in.

    Args:
        changes: the whole plan.
        owners: for each change the file that each of its edits belongs to.
        facades: for each file the files through which it imports an old name: it needs them as they were. A file that
            takes the place of another and that one need each other.
    """

    changes: tuple[FileChange, ...]
    owners: Mapping[str, tuple[str, ...]]
    facades: Mapping[str, frozenset[str]]

    @property
    def files(self) -> frozenset[str]:
        """The files that can go back each for itself."""
        return frozenset(owner for owners in self.owners.values() for owner in owners)

    def along(self, guilty: Iterable[str]) -> frozenset[str]:
        """Return the files that must go back with others.

        Args:
            guilty: files that go back.
        """
        guilty = frozenset(guilty)
        found, waiting = set(guilty), list(guilty)
        while waiting:
            more = self.facades.get(waiting.pop(), frozenset()) - found
            found |= more
            waiting += more
        return frozenset(found) - guilty

    def without(self, guilty: frozenset[str]) -> tuple[FileChange, ...]:
        """Return what stands of the plan when files go back, with all that must go back with them.

        Args:
            guilty: files that go back.
        """
        back = guilty | self.along(guilty)
        left = (_left(change, self.owners[change.path], back) for change in self.changes)
        return tuple(change for change in left if change is not None)


def parts_of(plan: Plan, files: Iterable[str]) -> Parts:
    """Take a plan apart.

    Args:
        plan: the whole plan.
        files: all Python files of the tree, which tell the import roots.
    """
    changed = {change.path for change in plan.changes}
    modules = {module: path for module, path in ModuleMap.of(files).paths.items() if path in changed}
    owners = {change.path: tuple(_owners(change, modules)) or (change.path,) for change in plan.changes}
    facades: dict[str, frozenset[str]] = {}
    for finding in plan.findings:
        if finding.applied:
            handed = {modules[link] for link in _modules(finding) if link in modules} - {finding.path}
            facades[finding.path] = facades.get(finding.path, frozenset()) | handed
    for change in plan.changes:
        for path, other in ((change.path, change.like), (change.like, change.path)):
            if change.like in changed:
                facades[path] = facades.get(path, frozenset()) | {other}
    return Parts(plan.changes, owners, facades)


def _owners(change: FileChange, modules: Mapping[str, str]) -> Iterator[str]:
    if not any(edit.codemod == _PATCH for edit in change.edits) or not _can_be_parted(change):
        yield from (change.path for _ in change.edits)
        return
    text = Source.decode(change.path, change.before).text
    for edit in change.edits:
        yield _patched(text, edit, modules) or change.path


def _patched(text: str, edit: Edit, modules: Mapping[str, str]) -> str:
    if edit.codemod != _PATCH:
        return ""
    return next((modules[name] for name in patched_names(text, edit.span.start) if name in modules), "")


def _can_be_parted(change: FileChange) -> bool:
    """Whether the edits are all that makes the text after, and the text can be parsed."""
    if change.kind is not ChangeKind.EDIT:
        return False
    try:
        compile(change.before, change.path, "exec", dont_inherit=True)
        return _spliced(change, change.edits) == change.after
    except (EditConflictError, SourceError, SyntaxError, ValueError):
        return False


def _left(change: FileChange, owners: tuple[str, ...], back: frozenset[str]) -> FileChange | None:
    """Return what stands of the change of one file, None for nothing."""
    if back.isdisjoint(owners):
        return change
    if change.kind is not ChangeKind.EDIT:
        return None
    edits = tuple(edit for edit, owner in zip(change.edits, owners, strict=False) if owner not in back)
    return replace(change, edits=edits, after=_spliced(change, edits)) if edits else None


def _spliced(change: FileChange, edits: Iterable[Edit]) -> bytes:
    source = Source.decode(change.path, change.before)
    return source.encode(splice(source, edits))


def _modules(finding: Finding) -> Iterator[str]:
    return (link.partition(":")[0] for link in finding.chain)
