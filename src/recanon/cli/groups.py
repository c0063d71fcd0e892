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
        """Put the name of the first command before words that name none; name a command that does not stand first."""
        if args and args[0] in self.commands:
            return super().parse_args(ctx, args)
        for name in args[1:]:
            if self._foreign(name) & {word.partition("=")[0] for word in args}:
                ctx.fail(f"The sub-command stands first: {ctx.command_path} {name} TREE")
        return super().parse_args(ctx, [self.default, *args])

    def _foreign(self, name: str) -> set[str]:
        """Return the options of another command that the first one does not have."""
        if name not in self.commands:
            return set()
        return _options(self.commands[name]) - _options(self.commands[self.default])


def _options(command: Any) -> set[str]:
    return {option for parameter in command.params for option in parameter.opts if option.startswith("-")}
