"""A report on a terminal: rich tables, one per group, in the terminal's width."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from recanon.report.content import Group, Section
from recanon.report.streams import make_console
from recanon.safe_text import safe_text

_TITLES = {
    "changes": "bold green",
    "review": "bold yellow",
    "manual": "bold magenta",
    "hidden": "bold yellow",
    "skipped": "bold yellow",
    "reverted": "bold red",
    "refused": "bold red",
}


def print_sections(stream: TextIO, sections: Iterable[Section]) -> None:
    """Print the sections.

    Args:
        stream: a terminal.
        sections: what to say.
    """
    console = make_console(stream)
    for section in sections:
        title = Text(safe_text(section.title), style=_TITLES.get(section.title, "bold"))
        console.print(Text.assemble(title, f"  {safe_text(section.lead)}"))
        for group in section.groups:
            _print_group(console, group)
        console.print()


def print_line(stream: TextIO, text: str, *, style: str = "") -> None:
    """Print one line of a report.

    Args:
        stream: a terminal.
        text: the line.
        style: a rich style.
    """
    make_console(stream).print(Text(safe_text(text), style=style))


def _print_group(console: Console, group: Group) -> None:
    indent = 2
    if group.heading:
        console.print(Padding(_line("", f"{group.heading} ({len(group.rows)})", "bold"), (0, 0, 0, 2)))
        indent = 4
    if group.reason:
        console.print(Padding(_line("why ", group.reason, ""), (0, 0, 0, indent)))
    if group.hint:
        console.print(Padding(_line("do  ", group.hint, "green"), (0, 0, 0, indent)))
    console.print(Padding(_table(group), (0, 0, 0, indent)))


def _line(label: str, text: str, style: str) -> Text:
    return Text.assemble((label, "dim"), (safe_text(text), style))


def _table(group: Group) -> Table:
    """Long paths fold instead of being cut: a place that cannot be copied is of no use."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="cyan", overflow="fold")
    table.add_column(overflow="fold")
    for row in group.rows:
        what = Text(safe_text(row.what))
        for note in row.notes:
            what.append(f"\n{safe_text(note)}" if row.what else safe_text(note), style="dim")
        table.add_row(Text(safe_text(row.place)), what)
    return table
