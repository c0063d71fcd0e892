"""The plan: the frozen result of a dry run, and the very thing that apply writes."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import cast

from recanon.collisions import check_created, names_below
from recanon.edit import Edit
from recanon.outcome import Account, Finding, Reverted, Skipped


class ChangeKind(StrEnum):
    """What a plan does with a file."""

    EDIT = "edit"
    CREATE = "create"
    DELETE = "delete"


class Packed(bytes):
    """A text that is kept compressed, where very many are kept."""

    @classmethod
    def of(cls, data: bytes) -> Packed:
        """Compress a text.

        Args:
            data: its bytes.
        """
        return cls(zlib.compress(data, 1))

    def unpacked(self) -> bytes:
        """Return the bytes of the text."""
        return zlib.decompress(self)


class _Text:
    """The bytes of a text, whether it is kept compressed or as it is (a descriptor)."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, change: FileChange | None, owner: type) -> bytes:
        if change is None:
            raise AttributeError(self.name)  # so that dataclasses see no default
        kept: bytes = vars(change)[self.name]
        return kept.unpacked() if isinstance(kept, Packed) else kept

    def __set__(self, change: FileChange, data: bytes) -> None:
        vars(change)[self.name] = data


@dataclass(frozen=True)
class FileChange:
    """One file of a plan.

    Args:
        path: the file, relative to the root.
        before: its bytes when the plan was made; none where it is created. `Packed` ones stay compressed until then.
        after: its bytes when the plan is applied; none where it is deleted.
        edits: what was done to the decoded text, in order.
        phases: the phases that the edits belong to.
        kind: whether it is edited, created or deleted.
        like: of a created file: the file that it takes the place of, whose mode, owner and extended attributes it gets;
            that one is only deleted where this one stands. Without one it gets the mode that the system gives.
        executable: whether a created or deleted file is executable, for the diff.
    """

    path: str
    before: bytes = cast(bytes, _Text())
    after: bytes = cast(bytes, _Text())
    edits: tuple[Edit, ...] = ()
    phases: tuple[str, ...] = ()
    kind: ChangeKind = ChangeKind.EDIT
    like: str = ""
    executable: bool = False

    @property
    def old(self) -> bytes | None:
        """The bytes before; None where there is no file."""
        return None if self.kind is ChangeKind.CREATE else self.before

    @property
    def new(self) -> bytes | None:
        """The bytes after; None where there is no file."""
        return None if self.kind is ChangeKind.DELETE else self.after


@dataclass(frozen=True, slots=True)
class NewTexts(Mapping[str, bytes]):
    """The texts that changes give, by path; none is unpacked before it is asked for.

    Args:
        changes: by path.
    """

    changes: Mapping[str, FileChange]

    def __getitem__(self, path: str) -> bytes:
        return self.changes[path].after

    def __iter__(self) -> Iterator[str]:
        return iter(self.changes)

    def __len__(self) -> int:
        return len(self.changes)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do, and what it would leave alone, each with its reason.

    Args:
        pack: id of the pack, or the name of the guest; a guest's mentions are the files that it was to work on.
        options: the pack's options in force.
        phases: the phases that were run.
        changes: files to be written, sorted by path.
        findings: every mention with its verdict, sorted by place.
        skipped: files that were not worked on.
        reverted: files whose edits were taken back by the verification ladder.
        account: the sum over all mentions.
        files: how many Python files the tree holds.
        candidates: how many of them hold a trigger word.
        failed: files that were set aside because the work on them came to nothing: it crashed, or did not end.
        guests: what the guests of the phases made of the text that the codemods leave, each over the one before; it is
            in `changes` already.
    """

    pack: str
    options: dict[str, str]
    phases: tuple[str, ...]
    changes: tuple[FileChange, ...]
    findings: tuple[Finding, ...]
    skipped: tuple[Skipped, ...]
    reverted: tuple[Reverted, ...]
    account: Account
    files: int
    candidates: int
    failed: tuple[str, ...] = ()
    guests: tuple[Plan, ...] = ()

    @property
    def by_guest(self) -> bool:
        """Whether a guest made it, not a pack."""
        return names_guest(self.pack)

    @property
    def parts(self) -> tuple[Plan, ...]:
        """The plan itself, and those of its guests."""
        return (self, *self.guests)

    @property
    def balanced(self) -> bool:
        """Whether its account holds, and that of each guest."""
        return all(part.account.balanced for part in self.parts)

    @property
    def whole(self) -> bool:
        """Whether the work on every file came to an end."""
        return not any(part.failed for part in self.parts)

    @property
    def digest(self) -> str:
        """SHA-256 over the paths, kinds and bytes before and after: two equal plans have equal digests."""
        total = hashlib.sha256()
        for change in self.changes:
            kind = b"" if change.kind is ChangeKind.EDIT else change.kind.encode()
            for part in (change.path.encode("utf-8", "surrogateescape"), change.before, change.after, kind):
                total.update(len(part).to_bytes(8, "big") + part)
        return total.hexdigest()


def names_guest(name: str) -> bool:
    """Return whether a name is that of a guest, which has a colon; the id of a pack or a codemod has none."""
    return ":" in name


def phase_id(plan: Plan) -> str:
    """Return the phase of a plan of one phase; a pack without phases has one that is called `all`."""
    return next(iter(plan.phases), "all")


def check_new_names(root: Path, changes: Iterable[FileChange]) -> None:
    """Refuse changes that create a file beside another that some file systems take for it.

    Args:
        root: the tree.
        changes: all changes of a plan.

    Raises:
        UsageError: they do.
    """
    kinds: dict[ChangeKind, list[str]] = {kind: [] for kind in ChangeKind}
    for change in changes:
        kinds[change.kind].append(change.path)
    check_created(names_below(root), kinds[ChangeKind.CREATE], kinds[ChangeKind.DELETE])
