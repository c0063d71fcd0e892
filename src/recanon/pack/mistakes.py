"""What is said about a mistake in a `pack.toml`: the file, the line, the table, the key, and the nearest right word."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, get_args

import msgspec

from recanon.errors import PackError
from recanon.pack.format import Description, Uses, Word
from recanon.pack.lines import Lines, Path
from recanon.pack.words import nearest

_PLACE = re.compile(r" - at `\$(?P<path>[^`]*)`$")
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]|(\[\.\.\.\])")
_UNKNOWN = re.compile(r"Object contains unknown field `(.+)`")
_MISSING = re.compile(r"Object missing required field `(.+)`")
_EXPECTED = re.compile(r"Expected `(.+)`, got `(.+)`")
_KINDS = {
    **{"str": "a text", "bool": "true or false", "int": "a whole number", "float": "a number", "null": "nothing"},
    **{"array": "a list", "object": "a table"},
}
_NAMED = ("name", "path", "id")


class Mistakes:
    """Name the mistakes of one file.

    Args:
        where: how the file is called.
        text: its text.
        table: what it says.
    """

    def __init__(self, where: str, text: str, table: Mapping[str, Any]) -> None:
        self.where = where
        self.table = table
        self.lines = Lines(text)

    def at(self, path: Sequence[str | int], message: str, hint: str = "", *, key: str = "") -> PackError:
        """Return the error for a key or a table.

        Args:
            path: the keys that lead to it, and the places in lists.
            message: what is wrong with it.
            hint: what to do.
            key: a key of the table that is the mistake.
        """
        label = self.label(path)
        return PackError(f"{self.where}:{self.lines.of((*path, key))}: {label}{': ' if label else ''}{message}", hint)

    def label(self, path: Sequence[str | int]) -> str:
        """Return how a table is written, with the name of what it describes."""
        table: Any = self.table
        head: list[str] = []
        names: list[str] = []
        listed = False
        for step in path:
            if isinstance(step, int):
                table = table[step] if isinstance(table, list) and step < len(table) else {}
                listed = isinstance(table, dict)
                names += [str(table[key]) for key in _NAMED if isinstance(table, dict) and key in table][:1]
            elif isinstance(table, dict) and isinstance(table.get(step), (dict, list)):
                if not _is_tables(table[step]):
                    break
                head.append(step)
                table, listed = table[step], False
            else:
                break
        dotted = ".".join(head)
        return " ".join([f"[[{dotted}]]" if listed else f"[{dotted}]", *names[-1:]]) if head else "the top level"

    def form(self, error: msgspec.ValidationError) -> PackError:
        """Return the error for a table that has not the form that it should have."""
        said = str(error)
        match = _PLACE.search(said)
        path = self.path(match.group("path") if match else "", said)
        said = said[: match.start()] if match else said
        if unknown := _UNKNOWN.fullmatch(said):
            key = unknown.group(1)
            return self.at(path, f"no key '{key}'", nearest(key, _keys(path)), key=key)
        if missing := _MISSING.fullmatch(said):
            return self.at(path, f"no {missing.group(1)}", "It is needed.")
        key = ".".join(str(step) for step in path if isinstance(step, str))
        return self.at(path, *_wrong_value(key.rpartition(".")[2], said, self.value(path)))

    def value(self, path: Sequence[str | int]) -> Any:
        """Return what stands at a place."""
        found: Any = self.table
        for step in path:
            found = found[step]
        return found

    def path(self, text: str, said: str) -> Path:
        """Return the place that an error names; in a free table the key that makes the error is looked for."""
        path: Path = ()
        for name, number, _ in _STEP.findall(text):
            step: str | int = name or (int(number) if number else self.guilty(path, said))
            path = (*path, step)
        return path

    def guilty(self, path: Path, said: str) -> str:
        """Return the key of a table without which the error is another one."""
        holder = self.value(path)
        for key in holder:
            try:
                msgspec.convert(_only(self.table, path, key), Description)
            except msgspec.ValidationError as exc:
                if str(exc) == said:
                    return str(key)
        return str(next(iter(holder)))


def _is_tables(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(item, dict) for item in value))


def _only(table: Any, path: Path, key: str) -> Any:
    """Return the table with one key alone in the table at a place."""
    if not path:
        return {key: table[key]}
    step, rest = path[0], path[1:]
    if isinstance(table, list):
        return [_only(item, rest, key) if place == step else item for place, item in enumerate(table)]
    return {**table, step: _only(table[step], rest, key)}


_FORMS = {"run": 'Write it as `recanon run` takes it, such as "command:ruff check --fix {files}".'}


def _keys(path: Path) -> list[str]:
    """Return the keys that a table may have."""
    known: Any = Description
    free = False
    for step in path:
        if isinstance(step, str) and known is not None and not free:
            field = next((f for f in msgspec.structs.fields(known) if f.encode_name == step), None)
            known = _struct_in(field.type) if field is not None else None
            free = field is not None and "dict[" in str(field.type)
        else:
            free = False
    return [field.encode_name for field in msgspec.structs.fields(known)] if known is not None else []


def _struct_in(kind: Any) -> type[msgspec.Struct] | None:
    """Return the table that a type speaks of, whether alone, in a list or in a free table."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return kind
    return next((s for inner in getattr(kind, "__args__", ()) if (s := _struct_in(inner)) is not None), None)


def _wrong_value(key: str, said: str, value: Any) -> tuple[str, str]:
    if "regex" in said:
        return f"{key} is {value!r}", _FORMS.get(key, "Write it in small letters, digits and hyphens.")
    if (match := _EXPECTED.fullmatch(said)) and isinstance(value, dict) and key in _LISTED:
        return f"{key} is one table, not a list of tables", f"Write it as [[{_LISTED[key]}]]."
    if match := _EXPECTED.fullmatch(said):
        wanted = " or ".join(_KINDS.get(kind, kind) for kind in match.group(1).split(" | ") if kind != "null")
        hint = f"Write it as [{key}]." if wanted == "a table" else _EXAMPLES.get(wanted, "")
        return f"{key} is {_KINDS.get(match.group(2), match.group(2))}, not {wanted}", hint
    if said.startswith("Invalid enum value"):
        return f"{key} cannot be {value!r}", nearest(str(value), CHOICES.get(key, ()))
    return f"{key}: {said[:1].lower()}{said[1:]}", ""


_LISTED = {**{key: key for key in ("symbol", "module", "phase")}, "role": "audit.role", "when": "symbol.when"}
_EXAMPLES = {"a list": 'Write it as ["name", "name"].', "a text": 'Write it as "text".'}
CHOICES = {
    "verdict": get_args(Word),
    "use": get_args(Uses),
    "file": ("production", "test"),
    "function": ("sync", "async", "none"),
    "keyword": ("all",),
}
