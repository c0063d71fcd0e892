"""A report as plain lines, for pipes and files: no colour, no boxes, nothing cut off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from recanon.report.content import Group, Section
from recanon.safe_text import safe_text


def sections_text(sections: Iterable[Section]) -> str:
    """Return the sections as text; each line stands for itself, so that `grep` finds place and reason.

    Args:
        sections: what to say.
    """
    return "".join(f"{line}\n" for section in sections for line in _section(section))


def _section(section: Section) -> Iterator[str]:
    yield safe_text(f"{section.title}: {section.lead}" if section.lead else section.title)
    for group in section.groups:
        yield from _group(group)
    yield ""


def _group(group: Group) -> Iterator[str]:
    indent = "  "
    if group.heading:
        yield safe_text(f"  {group.heading} ({len(group.rows)})")
        indent = "    "
    if group.reason:
        yield safe_text(f"{indent}why: {group.reason}")
    if group.hint:
        yield safe_text(f"{indent}do: {group.hint}")
    for row in group.rows:
        notes = "".join(f"; {note}" for note in row.notes)
        yield safe_text(f"{indent}{row.place}  {row.what}{notes}".rstrip())
