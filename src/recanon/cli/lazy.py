"""Load a command when it is asked for: until then only its name and one line about it are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, ClassVar

import typer
from typer.core import TyperGroup


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a command is found.

    Args:
        module: it stands there, below `recanon.cli`.
        line: what `recanon --help` says of it: the first sentence of its own help.
        attribute: its name there, where it is not the one that calls it.
    """

    module: str
    line: str
    attribute: str = ""

    def command(self, name: str) -> Any:
        """Load the command.

        Args:
            name: what calls it.
        """
        found = getattr(import_module(f"recanon.cli.{self.module}"), self.attribute or name)
        if not isinstance(found, typer.Typer):
            app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
            app.command()(found)
            found = app
        made = typer.main.get_command(found)
        made.name = name
        return made


class Commands(Mapping[str, Any]):
    """Commands by name, each loaded when it is asked for, and once.

    Args:
        entries: where they are found.
    """

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self.entries = entries
        self._loaded: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._loaded:
            self._loaded[name] = self.entries[name].command(name)
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)


class LazyGroup(TyperGroup):
    """A group that loads the command that is called, and none for its help."""

    entries: ClassVar[Mapping[str, Entry]]

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands: Any = Commands(self.entries)

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names; nothing is loaded for it."""
        return list(self.commands)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help as plain text: the library that draws boxes takes longer to load than all else."""
        self.rich_markup_mode = None
        super().format_help(ctx, formatter)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the names of the commands, each with its line."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.line) for name, entry in self.entries.items()])
