"""Groups of commands in which one command is meant when no other one is named."""

from __future__ import annotations

from typing import Any, ClassVar

from typer.core import TyperGroup


class DefaultGroup(TyperGroup):
    """A group whose first command is meant unless the first word is the name of another one.

    `GROUP WORDS` runs the first command with these words. A folder with the name of a command is reached by `./NAME`.
    """

    default: ClassVar[str] = "check"

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the name of the first command before words that name none."""
        named = bool(args) and args[0] in self.commands
        return super().parse_args(ctx, args if named else [self.default, *args])
