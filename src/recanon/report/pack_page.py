"""The page of a pack in Markdown: what it does, its options and phases, and its codemods with their examples."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable, Iterator, Sequence

from recanon.codemod import Codemod, Example
from recanon.migration import PhaseGuest
from recanon.outcome import Verdict
from recanon.pack import Pack
from recanon.tables import TableCodemod


def pack_page(pack: Pack) -> str:
    """Return the page of a pack.

    Args:
        pack: the pack; its examples are shown, not run.
    """
    return "\n".join(pack_lines(pack, depth=1)).rstrip() + "\n"


def pack_lines(pack: Pack, *, depth: int) -> Iterator[str]:
    """Yield the lines of a pack's page.

    Args:
        pack: the pack.
        depth: of its heading.
    """
    info = pack.info
    yield from (f"{'#' * depth} Pack {info.id}", "", f"{info.title}.", "")
    yield from _paragraph(info.description.strip().splitlines())
    yield from markdown_table(("option", "default", "what it is"), [(o.name, o.default, o.help) for o in info.options])
    yield from markdown_table(("phase", "what it does"), [(phase.id, phase.title) for phase in info.phases])
    guests = [(phase.id, f"`{guest.run}`", _given(guest)) for phase in pack.migration.phases for guest in phase.guests]
    yield from markdown_table(("phase", "guest that runs in it", "over which files"), guests)
    for name in pack.codemods:
        yield from _codemod(pack, name, "#" * (depth + 1))


def _given(guest: PhaseGuest) -> str:
    """Say which files of its phase a guest is given."""
    patterns = ", ".join(f"`{pattern}`" for pattern in guest.files)
    words = " or ".join(f"`{word}`" for word in guest.holding)
    parts = [
        "those that the phase changes" if guest.changed else "those of the phase",
        f"that fit {patterns}" if patterns else "",
        f"that hold {words}" if words else "",
    ]
    return ", ".join(part for part in parts if part)


def markdown_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a table, and an empty one; nothing where it has no rows."""
    if not rows:
        return []
    cells = [[cell.replace("|", "\\|") for cell in row] for row in (heads, ("---",) * len(heads), *rows)]
    return [*(f"| {' | '.join(row)} |" for row in cells), ""]


def _codemod(pack: Pack, name: str, mark: str) -> Iterator[str]:
    codemod = pack.codemods[name]
    yield from (f"{mark} {name}", "", f"{_capital(codemod.title)}.", "")
    yield from _paragraph(_module_text(codemod))
    for example in codemod.examples:
        yield from _example(example)


def _example(example: Example) -> Iterator[str]:
    outcome = "changed" if example.after is not None else "not changed"
    if example.verdict is Verdict.REVIEW and example.include_review:
        outcome = "changed by `--include review`"
    yield from (f"**{example.title}**", "", f"`{example.path}`: `{example.verdict}`, {outcome}", "")
    for path, text in example.files.items():
        yield from _block(f"# {path}\n{text}")
    yield from _block(example.before)
    if example.after is not None:
        yield from ("becomes", "")
        yield from _block(example.after)


def _block(text: str) -> Iterable[str]:
    return ("```python", *text.rstrip("\n").split("\n"), "```", "")


def _module_text(codemod: Codemod) -> list[str]:
    if isinstance(codemod, TableCodemod):
        return codemod.description.strip().splitlines()
    module = inspect.getmodule(type(codemod)) or sys.modules[type(codemod).__module__]
    return inspect.cleandoc(module.__doc__ or "").splitlines()


def _paragraph(lines: Sequence[str]) -> Sequence[str]:
    return (*lines, "") if lines else ()


def _capital(text: str) -> str:
    """Begin a sentence with a capital, but not where it begins with a name."""
    named = "_" in text.partition(" ")[0] or " becomes " in text
    return text if named else text[:1].upper() + text[1:]
