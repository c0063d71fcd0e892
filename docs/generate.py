"""Write the generated pages of `docs/reference`, or tell with `--check` which of them are out of date.

The command page says what `--help` says, without its layout, which changes from version to version of its library.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from recanon.cli.groups import DefaultGroup
from recanon.cli.main import app
from recanon.pack import Origin, list_packs, load_pack
from recanon.pack.examples import examples_schema
from recanon.pack.format import pack_schema
from recanon.plan_file import plan_file_schema
from recanon.report.pack_page import markdown_table, pack_lines

FOLDER = Path(__file__).parent / "reference"
NOTE = "<!-- Made by docs/generate.py; `make docs` writes it anew. -->"


def main(words: list[str]) -> int:
    """Write the pages, or compare them."""
    pages = {
        "cli.md": cli_page(),
        "codemods.md": codemods_page(),
        "pack-1.json": pack_schema(),
        "pack-examples-1.json": examples_schema(),
        "plan-file-1.json": plan_file_schema(),
    }
    FOLDER.mkdir(exist_ok=True)
    stale = [name for name, text in pages.items() if not _holds(FOLDER / name, text)]
    if words == ["--check"]:
        for name in stale:
            sys.stdout.write(f"docs/reference/{name} is out of date: run `make docs`\n")
        return 1 if stale else 0
    for name in stale:
        (FOLDER / name).write_text(pages[name], encoding="utf-8")
    return 0


def cli_page() -> str:
    """Return the page of the commands."""
    root: Any = typer.main.get_command(app)
    lines = ["# Commands", "", NOTE, "", *_help(root), *_parameters(root)]
    for name, command in _commands(root):
        lines += [f"## recanon {name}", "", "```", f"recanon {name} {_usage(command)}", "```", ""]
        lines += [*_help(command), *_parameters(command)]
    return "\n".join(lines).rstrip() + "\n"


def _commands(group: Any) -> Iterator[tuple[str, Any]]:
    """Yield the commands by the words that call them; the first one of a group is called by the group's name."""
    for name, command in group.commands.items():
        if isinstance(command, DefaultGroup):
            yield from ((name if inner == command.default else f"{name} {inner}", c) for inner, c in _commands(command))
        elif hasattr(command, "commands"):
            yield from ((f"{name} {inner}", each) for inner, each in _commands(command))
        else:
            yield name, command


def codemods_page() -> str:
    """Return the page of the packs and their codemods."""
    lines = ["# Codemods", "", NOTE, ""]
    for info in (info for info in list_packs() if info.origin is Origin.OWN):
        lines += pack_lines(load_pack(info.id), depth=2)
    return "\n".join(lines).rstrip() + "\n"


def _help(command: Any) -> Iterator[str]:
    """The text of a command; what is indented is shown as it stands."""
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        if paragraph.startswith("    "):
            yield from ("```", *(line[4:] for line in paragraph.splitlines()), "```", "")
        else:
            yield from (*paragraph.splitlines(), "")


def _usage(command: Any) -> str:
    arguments = [param for param in command.params if param.param_type_name == "argument"]
    words = [param.name.upper() if param.required else f"[{param.name.upper()}]" for param in arguments]
    return " ".join([*words, "[OPTIONS]"])


def _parameters(command: Any) -> list[str]:
    rows: list[tuple[str, ...]] = []
    for param in command.params:
        is_argument = param.param_type_name == "argument"
        names = [param.name.upper()] if is_argument else [*param.opts, *param.secondary_opts]
        value = "" if is_argument or param.is_flag else f" {param.metavar or param.name.upper()}"
        rows.append((f"`{', '.join(names)}{value}`", (param.help or "").replace("\n", " ")))
    return markdown_table(("word", "what it does"), rows)


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
