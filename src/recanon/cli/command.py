"""Commands with grouped options: a parameter that is a dataclass stands for its fields on the command line."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, get_type_hints

import typer

from recanon.cli.frontier import guarded


def command(function: Callable[..., int]) -> Callable[..., None]:
    """Make a function fit for `Typer.command`: groups are spread, errors meet the frontier, the result is an exit code.

    Args:
        function: takes plain parameters and option groups (frozen dataclasses with `Annotated` fields); returns its
            exit code.

    Returns:
        A function with a parameter for each field, for Typer to read.
    """
    hints = get_type_hints(function, include_extras=True)
    plain = inspect.signature(function).parameters
    groups = {name: hints[name] for name in plain if is_dataclass(hints[name])}
    spread: list[inspect.Parameter] = []
    for name, parameter in plain.items():
        own = inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=parameter.default, annotation=hints[name])
        spread += _parameters(groups[name]) if name in groups else [own]

    def spread_command(**values: Any) -> None:
        arguments = {name: values[name] for name in plain if name not in groups}
        for name, group in groups.items():
            arguments[name] = group(**{field.name: values[field.name] for field in fields(group)})
        raise typer.Exit(guarded(lambda: function(**arguments)))

    spread_command.__name__ = function.__name__
    spread_command.__doc__ = help_text(function)
    spread_command.__annotations__ = {parameter.name: parameter.annotation for parameter in spread}
    vars(spread_command)["__signature__"] = inspect.Signature(spread)
    return spread_command


def help_text(function: Callable[..., Any]) -> str:
    """Return a docstring as help: paragraphs flow to the width of the terminal, indented lines stay as they are.

    Args:
        function: its docstring is what the user reads.
    """
    paragraphs = (inspect.getdoc(function) or "").split("\n\n")
    return "\n\n".join(text if text.startswith(" ") else text.replace("\n", " ") for text in paragraphs)


def _parameters(group: type) -> list[inspect.Parameter]:
    hints = get_type_hints(group, include_extras=True)
    return [
        inspect.Parameter(
            field.name, inspect.Parameter.KEYWORD_ONLY, default=_default(field), annotation=hints[field.name]
        )
        for field in fields(group)
    ]


def _default(field: Field[Any]) -> Any:
    if field.default is not MISSING:
        return field.default
    return field.default_factory() if field.default_factory is not MISSING else inspect.Parameter.empty
