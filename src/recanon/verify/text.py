"""Steps 1 and 2: it still parses, and bytes outside the edits are what they were."""

from __future__ import annotations

from collections.abc import Iterator

from recanon.outcome import Reverted
from recanon.plan import ChangeKind, FileChange
from recanon.source import LINE_END, Source
from recanon.verify.trial import Trial

_ENDS = (b"\n", b"\r")


def parses(trial: Trial) -> Iterator[Reverted]:
    """Find files that would not parse any more, or not compile where an `await` was put in.

    A parser lets an `await` pass that stands outside an async function; only the compiler refuses it.
    """
    for skipped in trial.unread:
        yield Reverted(skipped.path, "1 parses", skipped.reason)
    broken = {skipped.path for skipped in trial.unread}
    for path, change in trial.changes.items():
        awaits = any("await" in edit.replacement and "await" not in edit.expected for edit in change.edits)
        if awaits and path not in broken:
            try:
                compile(Source.decode(path, change.after).text, path, "exec", dont_inherit=True)
            except (SyntaxError, ValueError, RecursionError, MemoryError) as exc:
                yield Reverted(path, "1 parses", f"does not compile: {exc}")


def bytes_kept(trial: Trial) -> Iterator[Reverted]:
    """Find files of which more than the planned spans would change."""
    for path, change in trial.changes.items():
        reason = _foreign_change(change)
        if reason:
            yield Reverted(path, "2 bytes", reason)


def style_kept(trial: Trial) -> Iterator[Reverted]:
    """Find files whose encoding, byte-order mark or newlines would change; a missing final newline may be added."""
    for path, change in trial.changes.items():
        before, after = Source.decode(path, change.before), Source.decode(path, change.after)
        if change.kind is ChangeKind.CREATE:
            continue
        if (before.bom, before.encoding) != (after.bom, after.encoding):
            yield Reverted(path, "2 bytes", "the byte-order mark or the encoding would change")
        elif (used := _newlines(before.text)) and after.text and used != _newlines(after.text):
            yield Reverted(path, "2 bytes", "the newline style would change")
        elif after.text and _ended(before.text) and not _ended(after.text):
            yield Reverted(path, "2 bytes", "the final newline would go")


def _newlines(text: str) -> set[str]:
    return {match.group() for match in LINE_END.finditer(text)}


def _ended(text: str) -> bool:
    return text.endswith(("\n", "\r"))


def _foreign_change(change: FileChange) -> str:
    before = Source.decode(change.path, change.before)
    after = Source.decode(change.path, change.after)
    if (before.bom, before.encoding) != (after.bom, after.encoding):
        return "the byte-order mark or the encoding would change"
    if before.text and not _same_style(change.before, change.after):
        return "the newline style or the final newline would change"
    old_at = new_at = 0
    for edit in change.edits:
        kept = before.text[old_at : edit.span.start]
        if after.text[new_at : new_at + len(kept)] != kept:
            return f"text before character {edit.span.start} would change"
        new_at += len(kept) + len(edit.replacement)
        old_at = edit.span.end
    return "" if after.text[new_at:] == before.text[old_at:] else "text behind the last edit would change"


def _same_style(before: bytes, after: bytes) -> bool:
    """Whether newlines are the same, at the end too; a text of one line may have none to compare."""
    old, new = _line_ends(before), _line_ends(after)
    return before.endswith(_ENDS) == after.endswith(_ENDS) and (old == new or not any(old) or not any(new))


def _line_ends(data: bytes) -> tuple[bool, bool]:
    pairs = data.count(b"\r\n")
    return pairs > 0, data.count(b"\n") > pairs
