"""Read the examples of tables: the file `examples.toml` of a pack."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from recanon.codemod import Example
from recanon.errors import PackError

FILE = "examples.toml"


def _says(text: str) -> Any:
    return Meta(description=text)


class ExampleTable(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A case that is test, documentation and specification at once."""

    of: Annotated[str, _says("Id of the table that it shows.")]
    title: Annotated[str, _says("What it shows, as a sentence.")]
    before: Annotated[str, _says("The text of the file.")]
    after: Annotated[str | None, _says("Its text after `apply`; left out where nothing may change.")] = None
    verdict: Annotated[
        Literal["safe", "review", "manual", "left", "canonical"], _says("The verdict of the old name in it.")
    ] = "safe"
    path: Annotated[str, _says("The file, relative to the root.")] = "tests/test_example.py"
    include_review: Annotated[bool, _says("Whether `review` rewrites are applied.")] = False
    files: Annotated[dict[str, str], _says("Further files of the tree, by path.")] = {}


class Examples(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The examples of a pack: `examples.toml`."""

    example: Annotated[list[ExampleTable], _says("The examples, in their order.")]


def examples_schema() -> str:
    """Return the JSON Schema (2020-12) of `examples.toml`."""
    return json.dumps(msgspec.json.schema(Examples), indent=1) + "\n"


def read_examples(folder: Path) -> dict[str, tuple[Example, ...]]:
    """Return the examples that a pack gives as data, by the id of the table that they show.

    Raises:
        PackError: the file cannot be read, or is no list of examples.
    """
    path = folder / FILE
    if not path.is_file():
        return {}
    try:
        said = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Examples)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as exc:
        raise PackError(f"{folder.name}/{FILE} cannot be read: {exc}") from exc
    found: dict[str, tuple[Example, ...]] = {}
    for table in said.example:
        found[table.of] = (*found.get(table.of, ()), _example(table))
    return found


def _example(table: ExampleTable) -> Example:
    return Example(table.title, table.before, table.after, table.verdict, table.path, table.files, table.include_review)
