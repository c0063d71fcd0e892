"""The published schema says what the reader reads: the same keys, both ways."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from recanon.errors import PackError
from recanon.pack import format as form
from recanon.pack.examples import examples_schema
from recanon.pack.format import pack_schema
from recanon.pack.mistakes import CHOICES
from recanon.pack.toml import read_description
from tests.tables.kit import HEAD, PACKS

ROOT = Path(__file__).parents[2]
PACK_TEXT, EXAMPLES_TEXT = pack_schema(), examples_schema()
PACK, EXAMPLES = json.loads(PACK_TEXT), json.loads(EXAMPLES_TEXT)
DESCRIPTIONS = [*sorted(PACKS.glob("*/pack.toml")), *sorted((ROOT / "codemods").glob("*/pack.toml"))]
TABLES = [kind for kind in vars(form).values() if isinstance(kind, type) and issubclass(kind, form.Table)]


@pytest.mark.parametrize(("name", "made"), [("pack-1.json", PACK_TEXT), ("pack-examples-1.json", EXAMPLES_TEXT)])
def test_the_published_schema_is_the_one_that_the_reader_makes(name: str, made: str) -> None:
    assert (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8") == made


@pytest.mark.parametrize("path", DESCRIPTIONS, ids=lambda path: path.parent.name)
def test_every_pack_is_valid(path: Path) -> None:
    examples = path.with_name("examples.toml")
    wrong = _wrong(path, PACK) + (_wrong(examples, EXAMPLES) if examples.is_file() else [])
    assert wrong == []


def _wrong(path: Path, schema: dict[str, Any]) -> list[str]:
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    return [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(found)]


@pytest.mark.parametrize("kind", [kind for kind in TABLES if kind is not form.Table], ids=lambda kind: kind.__name__)
def test_schema_and_reader_know_the_same_keys_and_say_what_they_are(kind: type[msgspec.Struct]) -> None:
    said = PACK["$defs"][kind.__name__]
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    assert set(said["properties"]) == set(fields)
    assert set(said.get("required", ())) == {name for name, field in fields.items() if field.required}
    assert said["additionalProperties"] is False
    assert said["description"]
    assert all(entry["description"] for entry in said["properties"].values())


def _cases() -> Iterator[tuple[str, dict[str, Any]]]:
    symbol = {"name": "a", "home": "b", "becomes": "c.d"}
    head = {"pack": {"id": "mine"}}
    yield "unknown", {**head, "symbol": [{**symbol, "argumants": {}}]}
    yield "kind", {**head, "symbol": [{**symbol, "removable": "yes"}]}
    yield "verdict", {**head, "symbol": [{**symbol, "verdict": "sage"}]}
    yield "missing", {**head, "symbol": [{"name": "a"}]}
    yield "id", {"pack": {"id": "A b"}}
    yield "empty list", {**head, "module": [{"path": "a", "becomes": "b", "names": []}]}
    yield "keyword", {**head, "symbol": [{**symbol, "arguments": {"keyword": "some"}}]}
    yield "negative", {**head, "symbol": [{**symbol, "when": [{"verdict": "left", "count": [-1]}]}]}


@pytest.mark.parametrize(("name", "table"), list(_cases()), ids=lambda value: value if isinstance(value, str) else "")
def test_what_the_schema_refuses_the_reader_refuses(name: str, table: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(table, PACK)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(table, form.Description)


def test_the_choices_in_messages_are_those_of_the_schema() -> None:
    when = PACK["$defs"]["WhenTable"]["properties"]
    for key in ("verdict", "file", "use", "function"):
        assert set(CHOICES[key]) == _enum(when[key])


def _enum(said: Any) -> set[str]:
    if isinstance(said, dict):
        own = {value for value in said.get("enum", ()) if value is not None}
        return own.union(*(_enum(value) for key, value in said.items() if key not in {"enum", "examples", "default"}))
    return set().union(*map(_enum, said)) if isinstance(said, list) else set()


def test_the_examples_of_every_key_are_read(tmp_path: Path) -> None:
    """Each key of a symbol with each of its examples, alone in a table."""
    for name, said in PACK["$defs"]["SymbolTable"]["properties"].items():
        for number, example in enumerate(said.get("examples", ())):
            table = {"name": "a", "home": "b", "becomes": "c.d", name: example}
            path = tmp_path / f"{name}-{number}" / "pack.toml"
            path.parent.mkdir()
            path.write_text(HEAD + "[[symbol]]\n" + "".join(f"{k} = {_toml(v)}\n" for k, v in table.items()))
            try:
                read_description(path)
            except PackError as exc:
                pytest.fail(f"{name}: {exc}")


def _toml(value: object) -> str:
    return json.dumps(value)


PAGE = (ROOT / "docs" / "pack-format.md").read_text(encoding="utf-8")
KEYS = [
    (kind, key)
    for schema in (PACK, EXAMPLES)
    for kind, said in schema["$defs"].items()
    if kind not in {"Description", "Examples"}
    for key in said["properties"]
]


@pytest.mark.parametrize(("kind", "key"), KEYS)
def test_every_key_stands_on_the_page_as_the_schema_says_it(kind: str, key: str) -> None:
    said = next(s["$defs"][kind] for s in (PACK, EXAMPLES) if kind in s["$defs"])
    assert f"| `{key}` | {said['properties'][key]['description']}" in PAGE
