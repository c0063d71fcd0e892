"""The journal's records as values, checked when they are read back."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from recanon.errors import JournalError
from recanon.plan import ChangeKind

_RUN_ID = re.compile(r"\d{8}T\d{6}\.\d{3}Z-[0-9a-f]{6}")
_DIGEST = re.compile(r"[0-9a-f]{64}|")
_DAMAGED = "its record in the journal is damaged"
_NO_DIGEST = "?"  # of a damaged record: never "", which says that no file is there


class RunKind(StrEnum):
    """What a run did."""

    APPLY = "apply"
    ROLLBACK = "rollback"


class RunState(StrEnum):
    """How far a run came."""

    OPEN = "open"
    DONE = "done"
    INTERRUPTED = "interrupted"


class FileState(StrEnum):
    """How far a file of a run came.

    `intent`: about to be written. `done`: written. `unwritten`: the run was interrupted before it.
    `foreign`: after the interruption it held neither the old nor the new text. `refused`: it stands as it was.
    `undone`: written once, and rolled back since.
    """

    INTENT = "intent"
    DONE = "done"
    UNWRITTEN = "unwritten"
    FOREIGN = "foreign"
    REFUSED = "refused"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run.

    Args:
        id: sortable UTC time and a random end.
        kind: apply or rollback.
        pack: id of the pack, or what was asked of the rollback.
        options: the pack's options in force.
        phases: the phases of the run.
        plan: digest of the plan.
        state: how far it came.
        started: UTC time in ISO 8601.
        finished: the same, or "".
    """

    id: str
    kind: RunKind
    pack: str
    options: tuple[tuple[str, str], ...] = ()
    phases: tuple[str, ...] = ()
    plan: str = ""
    state: RunState = RunState.OPEN
    started: str = ""
    finished: str = ""


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file of a run.

    Args:
        run: id of the run.
        seq: the file's number in the run.
        path: relative to the root; to be checked before any use.
        before: digest of the text before; "" where the file was not there.
        after: digest of the text after; "" where it shall not be there.
        mode: the file's mode before; 0 where it was not there.
        phases: phases that the edits belong to.
        state: how far it came.
        reason: why it was refused, or what was found after an interruption.
        hint: what the user can do.
        fault: why the record must not be acted upon, or "".
        model: of a file to be created: the one whose mode, owner and attributes it gets, or "".
    """

    run: str
    seq: int
    path: str
    before: str
    after: str
    mode: int
    phases: tuple[str, ...] = ()
    state: FileState = FileState.INTENT
    reason: str = ""
    hint: str = ""
    fault: str = ""
    model: str = ""

    @property
    def seal(self) -> str:
        """Digest over all that does not change in a record, so that a flipped bit is seen."""
        total = hashlib.sha256()
        parts = (self.run, str(self.seq), self.path, self.before, self.after, str(self.mode), *self.phases)
        for part in (*parts, "like", self.model) if self.model else parts:
            raw = part.encode("utf-8", "surrogateescape")
            total.update(len(raw).to_bytes(8, "big") + raw)
        return total.hexdigest()

    def stored(self) -> tuple[object, ...]:
        """Return the columns. The path is bytes, for a name need not be UTF-8."""
        fixed = (self.run, self.seq, os.fsencode(self.path), self.before, self.after, self.mode, "\n".join(self.phases))
        return (*fixed, self.seal, self.state.value, plain(self.reason), plain(self.hint))


def load_file(columns: Sequence[object]) -> FileRow:
    """Make a value of the columns of a file's record and its model; what is wrong with them stands in its `fault`.

    Raises:
        JournalError: the record does not even say which run and file it is about.
    """
    run, seq, path, before, after, mode, phases, seal, state, reason, hint, model = columns
    if not (isinstance(run, str) and isinstance(seq, int) and isinstance(path, bytes)):
        raise JournalError(f"A file's record in the journal is damaged: {run!r}, {seq!r}", DAMAGE_HINT)
    row = FileRow(
        run, seq, os.fsdecode(path), str(before), str(after), mode if isinstance(mode, int) else 0,
        tuple(filter(None, str(phases).split("\n"))), _file_state(state), str(reason), str(hint),
        model=os.fsdecode(model) if isinstance(model, bytes) else "",
    )  # fmt: skip
    sound = _RUN_ID.fullmatch(run) and _DIGEST.fullmatch(row.before) and _DIGEST.fullmatch(row.after)
    if not sound or row.before == row.after == "" or row.seal != seal or row.state != state:
        none = (_NO_DIGEST, _NO_DIGEST, 0, ())
        row = FileRow(row.run, row.seq, row.path, *none, row.state, row.reason, row.hint, fault=_DAMAGED)
    return row


def kind_of(before: str, after: str) -> ChangeKind:
    """Return what a run does with a file, from the digests of its texts."""
    if not before:
        return ChangeKind.CREATE
    return ChangeKind.EDIT if after else ChangeKind.DELETE


def load_run(columns: Sequence[object], options: tuple[tuple[str, str], ...]) -> RunRow:
    """Make a value of the columns of a run's record.

    Raises:
        JournalError: a column holds what recanon never writes.
    """
    name, kind, pack, phases, plan, state, started, finished = (str(column) for column in columns)
    if not _RUN_ID.fullmatch(name) or kind not in tuple(RunKind) or state not in tuple(RunState):
        raise JournalError(f"The record of run {name[:60]!r} in the journal is damaged", DAMAGE_HINT)
    split = tuple(filter(None, phases.split("\n")))
    return RunRow(name, RunKind(kind), pack, options, split, plan, RunState(state), started, finished)


DAMAGE_HINT = "Nothing was touched. Put .recanon/ back from a backup, or move it away to begin a new journal."


def is_digest(text: str) -> bool:
    """Return whether a text is a SHA-256 in hexadecimal."""
    return bool(text and _DIGEST.fullmatch(text))


def new_run_id() -> str:
    """Return a run id: UTC time to the millisecond, which sorts, and a random end."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}"[:-3] + f"Z-{secrets.token_hex(3)}"


def now() -> str:
    """Return the UTC time in ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def plain(text: str) -> str:
    """Return a text that a database takes: bytes of odd file names are shown as escapes."""
    return text.encode("utf-8", "backslashreplace").decode()


def _file_state(state: object) -> FileState:
    # An unknown word never becomes one that is acted upon.
    return FileState(str(state)) if state in tuple(FileState) else FileState.REFUSED
